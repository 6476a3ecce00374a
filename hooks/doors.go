package hooks

import (
	"net/http"
	"slices"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// PocketBase's other doors (protocol §4). A synced record is written by the
// engine alone; whoever administers the server sees no household content.

// openPaths are the only ones of PocketBase's own routes that answer: signing in,
// and looking at oneself. All others would go past the engine and its scopes, for
// superusers too: raw SQL, views made of it, filters that ask other collections,
// impersonation, imports, backups (which hand out the whole database), batches,
// live messages, logs that hold what people looked for.
var openPaths = []string{
	"GET /api/health",
	"POST /api/collections/users/auth-with-password",
	"POST /api/collections/users/auth-refresh",
	"GET /api/collections/users/records/{id}",
}

// opened matches what is open: our own routes, and the list above.
var opened = func() *http.ServeMux {
	mux := http.NewServeMux()
	none := func(http.ResponseWriter, *http.Request) {}
	for _, p := range openPaths {
		mux.HandleFunc(p, none)
	}
	for _, prefix := range []string{syncPrefix, consolePrefix} {
		mux.HandleFunc(prefix+"/", none)
	}
	return mux
}()

// dashboard is where PocketBase serves its own pages.
const dashboard = "/_/"

func shut(r *http.Request) bool {
	if p := r.URL.Path; strings.HasPrefix(p+"/", dashboard) {
		return true
	} else if p != "/api" && !strings.HasPrefix(p, "/api/") {
		return false
	}
	_, pattern := opened.Handler(r)
	return pattern == ""
}

func (s *Server) shutDoors(r *router.Router[*core.RequestEvent]) {
	r.Bind(&hook.Handler[*core.RequestEvent]{Id: "doorstepShutDoors", Priority: -2000, Func: func(e *core.RequestEvent) error {
		if shut(e.Request) {
			if strings.Contains(e.Request.URL.Path, core.CollectionNameSuperusers) {
				s.reportSuperuser(e)
			}
			return fail(e, wire.Err(wire.Forbidden, ""))
		}
		return e.Next()
	}})
}

// BindDoors shuts the doors inside PocketBase: no save, no delete and no listing
// of synced collections, for superusers either, and no account through the API.
func BindDoors(app core.App) {
	var names []string
	for _, t := range policy.Types() {
		names = append(names, t.Name)
	}
	refused := func(e *core.RequestEvent) error { return fail(e, wire.Err(wire.Forbidden, "")) }
	app.OnRecordsListRequest(names...).BindFunc(func(e *core.RecordsListRequestEvent) error { return refused(e.RequestEvent) })
	app.OnRecordViewRequest(names...).BindFunc(func(e *core.RecordRequestEvent) error { return refused(e.RequestEvent) })
	closed := append([]string{"users"}, names...)
	app.OnRecordCreateRequest(closed...).BindFunc(func(e *core.RecordRequestEvent) error { return refused(e.RequestEvent) })
	app.OnRecordUpdateRequest(closed...).BindFunc(func(e *core.RecordRequestEvent) error { return refused(e.RequestEvent) })
	app.OnRecordDeleteRequest(closed...).BindFunc(func(e *core.RecordRequestEvent) error { return refused(e.RequestEvent) })
	inside := func(e *core.RecordEvent) error { return wire.Err(wire.Forbidden, e.Record.Collection().Name) }
	app.OnRecordCreate(names...).BindFunc(inside)
	app.OnRecordUpdate(names...).BindFunc(inside)
	app.OnRecordDelete(names...).BindFunc(inside)
	collections := func(e *core.CollectionRequestEvent) error {
		if slices.Contains(closed, e.Collection.Name) {
			return refused(e.RequestEvent)
		}
		return e.Next()
	}
	app.OnCollectionUpdateRequest().BindFunc(collections)
	app.OnCollectionDeleteRequest().BindFunc(collections)
	// PocketBase's zip holds up every writer (7.8 s for each GB of photos), is verified by
	// nobody and lies on the data's own disk; its restore begins no epoch. Package backup
	// is the only one, also for a schedule that somebody put into the settings.
	zips := func(e *core.BackupEvent) error { return wire.Err(wire.Forbidden, e.Name) }
	app.OnBackupCreate().BindFunc(zips)
	app.OnBackupRestore().BindFunc(zips)
}

// names are what people call areas, for the sign of whose desk this is.
func names(areas []string) []string {
	out := make([]string, len(areas))
	for i, area := range areas {
		out[i] = region.FullName(area)
	}
	return out
}

// village is a place where a new household may be entered, for the choice on a
// tablet without a connection.
type village struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Urban bool   `json:"urban"`
}

// townDigits: a whole county's villages are no choice for a tablet.
const townDigits = 9

// villages are those of the account's areas; of its office's, where it is granted
// single households.
func villages(a *engine.Account) []village {
	areas := a.Scope().Areas
	if len(areas) == 0 {
		areas = []string{a.Office}
	}
	out := []village{}
	for _, area := range areas {
		if len(area) < townDigits {
			continue
		}
		for _, r := range region.Villages(area) {
			if !r.Virtual() {
				out = append(out, village{r.Code, r.Short(), r.Urban()})
			}
		}
	}
	return out
}
