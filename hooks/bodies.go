package hooks

import (
	"io"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// PocketBase puts a reader of its own in the place of a request's body. net/http
// then does not see that a body was left unread, keeps the connection, and takes
// the rest of the body for the next request: behind a proxy, somebody else's. The
// outermost middleware gives the request its own body back.
func giveBodiesBack(r *router.Router[*core.RequestEvent]) {
	r.Bind(&hook.Handler[*core.RequestEvent]{Id: "doorstepBodies", Priority: -3000, Func: func(e *core.RequestEvent) error {
		request, own := e.Request, ownBody(e.Request.Body)
		defer func() { request.Body = own }()
		return e.Next()
	}})
}

// ownBody is the body as it came, without PocketBase's copy of what is read.
func ownBody(b io.ReadCloser) io.ReadCloser {
	if copied, ok := b.(*router.RereadableReadCloser); ok {
		return copied.ReadCloser
	}
	return b
}
