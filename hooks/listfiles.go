package hooks

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/pocketbase/pocketbase/core"
)

// Lists as files (导出): one way for all of them. A file is what the list's own route
// answers, page by page, so that it has the list's scope, masks, filter and order; only
// the columns are a table's (register.ListFiles).

// Bounds of files being made: each holds a page, and of a workbook 16 MB before it goes
// to the disk.
const (
	fileSlots   = 3
	fileQueue   = 60
	filePage    = 2000            // items: a page far down a list costs the way there
	filePatient = 2 * time.Minute // for a client that takes nothing
)

// fileDesk is the files being made, each by the ticket that its asker drew.
type fileDesk struct {
	gate *gate
	page int
	mu   sync.Mutex
	made map[string]*fileMade
}

type fileMade struct {
	account string
	begun   bool
	rows    int
}

func newFileDesk() *fileDesk {
	return &fileDesk{gate: newGate(fileSlots, fileQueue), page: filePage, made: map[string]*fileMade{}}
}

// take enters a ticket; it is a file's alone while that is made.
func (d *fileDesk) take(ticket, account string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made[ticket] != nil {
		return false
	}
	d.made[ticket] = &fileMade{account: account}
	return true
}

func (d *fileDesk) leave(ticket string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.made, ticket)
}

func (d *fileDesk) tell(ticket string, rows int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made[ticket].begun, d.made[ticket].rows = true, rows
}

// far says how far a file of an account is.
func (d *fileDesk) far(ticket, account string) (fileMade, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.made[ticket]
	if m == nil || m.account != account {
		return fileMade{}, false
	}
	return *m, true
}

// listed is a list with the route that answers it, which the account may call.
func (s *Server) listed(c *call) (*register.ListFile, *route, error) {
	l := register.ListFileOf(c.Request.PathValue("list"))
	if l == nil {
		return nil, nil, notFound
	}
	at := slices.IndexFunc(s.table, func(r route) bool { return r.method == http.MethodGet && r.path == l.Path })
	if at < 0 {
		return nil, nil, notFound
	}
	if !access.Can(c.by.Role, s.table[at].action) {
		return nil, nil, wire.Err(wire.Forbidden, "")
	}
	return l, &s.table[at], nil
}

// listFile writes a list as CSV or XLSX. ?format and ?ticket are its own, all others the
// list's. That it was asked for is audited before the first row goes out, and how many
// rows went when it is over.
func (s *Server) listFile(c *call) error {
	l, rt, err := s.listed(c)
	if err != nil {
		return err
	}
	format, err := c.choice("format", "xlsx", "csv", "xlsx")
	if err != nil {
		return err
	}
	ticket := c.Request.URL.Query().Get("ticket")
	if ticket == "" {
		ticket = s.Engine.NewID()
	}
	if !wire.IsUUID(ticket) || !s.files.take(ticket, c.by.ID) {
		return wire.Malformed("ticket", "ticket 应为一个未用过的编号。")
	}
	defer s.files.leave(ticket)
	leave, err := s.files.gate.enter(c.Request.Context())
	if err != nil {
		return err
	}
	defer leave()
	return s.makeFile(c, l, rt, format, func(rows int) { s.files.tell(ticket, rows) })
}

func (s *Server) makeFile(c *call, l *register.ListFile, rt *route, format string, tell func(int)) error {
	ctx := c.Request.Context()
	query := c.Request.URL.Query()
	query.Del("format")
	query.Del("ticket")
	asked := register.Asked{By: c.by, At: s.Engine.Now(), Filter: register.FilterWords(query)}
	// The first page is read before anything is promised: a filter that is wrong is told.
	first, cursor, err := s.pageOfList(c, rt, query, "")
	if err != nil {
		return err
	}
	if err := s.Engine.Audit(ctx, c.by.ID, "", c.origin(), "list.export", l.Name, format+" "+asked.Filter); err != nil {
		return err
	}
	w, err := c.sheet(l.Name, l.Title+"-"+asked.At.In(zone.China).Format("20060102-1504"), format)
	if err != nil {
		return err
	}
	patience := http.NewResponseController(c.Response)
	rows, err := l.Write(ctx, asked, func(at string) ([]map[string]any, string, error) {
		_ = patience.SetWriteDeadline(time.Now().Add(filePatient))
		if at == "" {
			return first, cursor, nil
		}
		runtime.GC() // the page before is garbage: unasked it would stay until the heap has doubled
		return s.pageOfList(c, rt, query, at)
	}, w, tell)
	said := strconv.Itoa(rows) + "行"
	if err != nil {
		w.Discard()
		said += "，未完成"
	}
	if audit := s.Engine.Audit(context.WithoutCancel(ctx), c.by.ID, "", c.origin(), "list.exported", l.Name, said); err == nil {
		err = audit
	}
	if err != nil {
		if ctx.Err() == nil {
			s.App.Logger().Error("list export broke off", "list", l.Name, "rows", rows, "error", err)
		}
		panic(http.ErrAbortHandler) // the client sees that the file is not whole
	}
	return nil
}

// pageOfList asks a list's route for a page, as the account would.
func (s *Server) pageOfList(c *call, rt *route, query url.Values, cursor string) ([]map[string]any, string, error) {
	q := url.Values{}
	for name, v := range query {
		q[name] = v
	}
	if q.Del("cursor"); cursor != "" {
		q.Set("cursor", cursor)
	}
	e := &core.RequestEvent{App: c.App, Auth: c.Auth}
	e.Request = c.Request.Clone(c.Request.Context())
	e.Request.URL = &url.URL{Path: rt.path, RawQuery: q.Encode()}
	answer := &kept{header: http.Header{}}
	e.Response = answer
	if err := rt.handle(s, &call{RequestEvent: e, by: c.by, bulk: s.files.page}); err != nil {
		return nil, "", err
	}
	var page struct {
		Items  []map[string]any `json:"items"`
		Rows   []map[string]any `json:"rows"` // of what is no queue: sums
		Cursor string           `json:"cursor"`
	}
	if err := json.Unmarshal(answer.body.Bytes(), &page); err != nil {
		return nil, "", fmt.Errorf("%s: %w", rt.path, err)
	}
	if page.Items == nil {
		page.Items = page.Rows
	}
	return page.Items, page.Cursor, nil
}

// kept is an answer that goes nowhere else.
type kept struct {
	header http.Header
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
func (k *kept) WriteHeader(int)             {}

// fileProgress says how far one's own file is; 404 when it is over.
func (s *Server) fileProgress(c *call) error {
	made, ok := s.files.far(c.Request.URL.Query().Get("ticket"), c.by.ID)
	if !ok {
		return notFound
	}
	return c.answer(map[string]any{"begun": made.begun, "rows": made.rows})
}
