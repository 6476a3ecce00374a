package hooks

import (
	"crypto/rand"
	"net/http"
	"path/filepath"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/register"

	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Systems of other offices, which do not sign in: each message is signed by a key that
// the senders' file knows (docs/decisions/0060).

// signedPrefix is of calls by signature: whether a token comes with one means nothing.
const signedPrefix = "/registry/"

// signedRoute is a call by signature instead of by account.
type signedRoute struct {
	method string
	path   string
	action access.Action
	handle func(*Server, *core.RequestEvent) error
}

var signedRoutes = []signedRoute{
	{"POST", interop.Path, access.RegistrySearch, (*Server).searchRegistry},
}

func (s *Server) bindSigned(r *router.Router[*core.RequestEvent]) {
	for _, rt := range signedRoutes {
		r.Route(rt.method, rt.path, func(e *core.RequestEvent) error {
			began := time.Now()
			err := rt.handle(s, e)
			s.Meter.Request(string(rt.action), e.Status())
			s.Meter.Took(string(rt.action), time.Since(began))
			return err
		}).Unbind(apis.DefaultBodyLimitMiddlewareId) // it reads its own, bounded
		r.Any(rt.path, func(e *core.RequestEvent) error {
			return write(e, http.StatusMethodNotAllowed, dci.FaultOf(dci.BadRequest))
		})
	}
}

// OpenInterop lets the senders of a file ask.
func (s *Server) OpenInterop(senders, dir string) (*interop.Desk, error) {
	desk, err := interop.Open(interop.Config{Senders: senders, KeyFile: filepath.Join(dir, interop.KeyFile), Register: register.Interop{Engine: s.Engine},
		Now: s.Engine.Now, NewID: uuid.NewString, Mask: idnumber.Mask, Random: rand.Reader})
	s.desk = desk
	return desk, err
}

func (s *Server) searchRegistry(e *core.RequestEvent) error {
	if s.desk == nil { // whether somebody may ask here is nobody's business
		return fail(e, notFound)
	}
	s.desk.Serve(e.Response, e.Request, e.RealIP(), func(err error) { e.App.Logger().Error("interop: a search", "error", err) })
	return nil
}
