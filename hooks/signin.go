package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"doorstep/domain/access"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/security"
)

// Signing in: PocketBase's own call, with limits, sessions and a second factor round it
// (docs/decisions/0048).

// How many passphrases are compared at a time, each some 50 ms of a core; and how many may
// wait for it.
const (
	compareSlots = 2
	compareQueue = 512
)

// claims of a token beside PocketBase's own.
const (
	claimSession = "sid"
	claimDesk    = "desk"
	claimStep    = "step"  // what the account must do before anything else
	claimEpoch   = "epoch" // of a desk's token: a restore ends it
)

// passport is what a token says of itself.
type passport struct {
	session, step, epoch string
	desk                 bool
	expires              time.Time
}

// passportOf reads a token that was verified. One without a session (of a version before)
// is named by its own bytes.
func passportOf(token string) passport {
	claims, _ := security.ParseUnverifiedJWT(token)
	var p passport
	p.session, _ = claims[claimSession].(string)
	p.step, _ = claims[claimStep].(string)
	p.epoch, _ = claims[claimEpoch].(string)
	p.desk, _ = claims[claimDesk].(bool)
	if exp, ok := claims["exp"].(float64); ok {
		p.expires = time.Unix(int64(exp), 0)
	}
	if p.session == "" {
		sum := sha256.Sum256([]byte(token))
		p.session = "t" + hex.EncodeToString(sum[:15])
	}
	return p
}

func tokenOf(r *http.Request) string {
	token := r.Header.Get("Authorization")
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		token = token[7:]
	}
	return token
}

func (p passport) kind() string {
	if p.desk {
		return register.DeskSession
	}
	return register.TabletSession
}

// admit asks whether the session of a good token lives, and whether it may do more than
// its account's first step. Errors: wire.Unauthenticated, wire.Unfinished.
func (s *Server) admit(e *core.RequestEvent) error {
	p := passportOf(tokenOf(e.Request))
	if p.desk && p.epoch != s.Engine.Status().Epoch {
		return wire.Err(wire.Unauthenticated, "")
	}
	err := s.own.Sessions.Seen(register.Beginning{ID: p.session, Account: e.Auth.Id, Kind: p.kind(), Agent: e.Request.UserAgent(), Origin: e.RealIP(), Expires: p.expires})
	if err != nil {
		return err
	}
	if p.step != "" && !strings.HasPrefix(e.Request.URL.Path, ownPrefix) {
		return wire.Err(wire.Unfinished, p.step)
	}
	return nil
}

const ownPrefix = consolePrefix + "/own/"

// bindSessions looks at every call of PocketBase's own that carries a token; ours ask
// where they find the account (call).
func (s *Server) bindSessions(r *router.Router[*core.RequestEvent]) {
	r.Bind(&hook.Handler[*core.RequestEvent]{Id: "doorstepSessions", Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1, Func: func(e *core.RequestEvent) error {
		if p := e.Request.URL.Path; strings.HasPrefix(p, syncPrefix) || strings.HasPrefix(p, consolePrefix) || strings.HasPrefix(p, signedPrefix) {
			return e.Next()
		}
		if e.Auth == nil || strings.HasSuffix(e.Request.URL.Path, signInPath) {
			return small.Func(e)
		}
		if e.Auth.IsSuperuser() {
			s.reportSuperuser(e)
			return fail(e, wire.Err(wire.Unauthenticated, ""))
		}
		if err := s.admit(e); err != nil {
			return fail(e, err)
		}
		return small.Func(e)
	}})
}

// small bounds the bodies of PocketBase's own calls: a name and a password.
var small = apis.BodyLimit(64 << 10)

const signInPath = "/auth-with-password"

// entry is somebody on the way in.
type entry struct {
	desk  bool
	known string // the proof for the browser, "" where it has one
}

const entryKey = "doorstepEntry"

// BindSignIn puts limits, second factor and sessions round PocketBase's sign-in, and lets
// its answer carry the account's scope.
func (s *Server) BindSignIn() {
	s.App.OnRecordAuthWithPasswordRequest("users").BindFunc(s.signIn)
	s.App.OnRecordAuthRequest("users").BindFunc(s.issue)
	s.App.OnRecordEnrich("users").BindFunc(s.enrich)
}

// asked is a field of the sign-in's body beside identity and password.
func asked(e *core.RequestEvent, field string) string {
	info, err := e.RequestInfo()
	if err != nil {
		return ""
	}
	value, _ := info.Body[field].(string)
	return value
}

func (s *Server) signIn(e *core.RecordAuthWithPasswordRequestEvent) error {
	if e.Record == nil { // a telephone number, a name
		e.Record, _ = e.App.FindAuthRecordByEmail(e.Collection, register.LoginOf(e.Identity))
	}
	err := s.letIn(e)
	coded := new(wire.Error)
	if errors.As(err, &coded) {
		return fail(e.RequestEvent, err)
	}
	return err
}

// letIn compares the passphrase and the code; both wrong or one, it counts as one mistake.
func (s *Server) letIn(e *core.RecordAuthWithPasswordRequestEvent) error {
	ctx, account, proof := e.Request.Context(), "", asked(e.RequestEvent, "known")
	if e.Record != nil {
		account = e.Record.Id
	}
	try, err := s.own.Attempts.Begin(ctx, account, register.LoginOf(e.Identity), proof, e.RealIP())
	if err != nil {
		return err
	}
	leave, err := s.compare.enter(ctx)
	if err != nil {
		try.Void()
		return err
	}
	right := e.Record != nil && e.Record.ValidatePassword(e.Password)
	if e.Record == nil { // as long as for one that is there
		_ = s.nobody.ValidatePassword(e.Password)
	}
	leave()
	if !right {
		return e.BadRequestError("Failed to authenticate.", nil)
	}
	if err := s.secondFactor(e, try); err != nil {
		return err
	}
	if err := try.Right(ctx); err != nil {
		return err
	}
	in := &entry{desk: asked(e.RequestEvent, "app") == register.DeskSession}
	if in.known, err = s.own.Attempts.Known(account); err != nil {
		return err
	}
	e.RequestEvent.Set(entryKey, in)
	return apis.RecordAuthResponse(e.RequestEvent, e.Record, core.MFAMethodPassword, nil)
}

// secondFactor asks for a code where the account has a factor. A passphrase alone is no
// mistake, and no success either.
func (s *Server) secondFactor(e *core.RecordAuthWithPasswordRequestEvent, try *register.Attempt) error {
	factor, err := s.own.Factors.Of(e.Request.Context(), e.Record.Id)
	if err != nil || factor.Since == "" {
		return err
	}
	code := asked(e.RequestEvent, "code")
	if code == "" {
		try.Void()
		return wire.Err(wire.SecondFactor, "")
	}
	right, err := s.own.Factors.Right(e.Request.Context(), e.Record.Id, code, e.RealIP())
	if err == nil && !right {
		err = wire.Err(wire.SecondFactor, "code")
	}
	return err
}

// issue makes the token: of a new session, or of the one that is renewed.
func (s *Server) issue(e *core.RecordAuthRequestEvent) error {
	ctx := e.Request.Context()
	in, fresh := e.RequestEvent.Get(entryKey).(*entry)
	p := passport{}
	if fresh {
		p = passport{session: uuid.NewString(), desk: in.desk}
	} else {
		p = passportOf(tokenOf(e.Request))
	}
	var err error
	if fresh { // what is signed in already goes on as it is
		if p.step, err = s.own.Step(ctx, e.Record.Id, access.Role(e.Record.GetString("role")), s.SecondFactor); err != nil {
			return err
		}
	}
	life := e.Collection.AuthToken.DurationTime()
	if p.desk {
		life = register.DeskToken
	}
	if p.step != "" {
		life = register.LimitedToken
	}
	if e.Token, err = s.mint(e.Record, p, life); err != nil {
		return err
	}
	meta := map[string]any{}
	if p.step != "" {
		meta["step"] = p.step
	}
	if fresh {
		meta["known"] = in.known
		err = s.own.Sessions.Begin(ctx, register.Beginning{ID: p.session, Account: e.Record.Id, Kind: p.kind(), Agent: e.Request.UserAgent(), Origin: e.RealIP(), Expires: s.Engine.Now().Add(life)})
		if err != nil {
			return err
		}
	}
	e.Meta = meta
	return e.Next()
}

func (s *Server) mint(rec *core.Record, p passport, life time.Duration) (string, error) {
	claims := map[string]any{
		core.TokenClaimType: core.TokenTypeAuth, core.TokenClaimId: rec.Id, core.TokenClaimCollectionId: rec.Collection().Id, core.TokenClaimRefreshable: true,
		claimSession: p.session,
	}
	if p.desk {
		claims[claimDesk], claims[claimEpoch] = true, s.Engine.Status().Epoch
	}
	if p.step != "" {
		claims[claimStep] = p.step
	}
	return security.NewJWT(claims, rec.TokenKey()+rec.Collection().AuthToken.Secret, life)
}

func (s *Server) enrich(e *core.RecordEnrichEvent) error {
	a, err := s.Engine.Account(context.Background(), e.Record.Id)
	if err != nil {
		return err
	}
	if a != nil {
		e.Record.WithCustomData(true)
		e.Record.Set("scope", a.Scope())
		e.Record.Set("role_label", a.Role.Label())
		e.Record.Set("area_names", names(a.Scope().Areas))
		e.Record.Set("villages", villages(a))
	}
	return e.Next()
}

// superusers counts who tried to be one.
type superusers struct {
	mu    sync.Mutex
	last  time.Time
	count int
}

// openSignIn reads who is signed in and who has to wait.
func (s *Server) openSignIn() error {
	ctx := context.Background()
	key, err := s.Sealing.Derive("sign-in")
	if err != nil {
		return err
	}
	s.own = register.OwnAccount{App: s.App, Engine: s.Engine, Factors: &register.Factors{Engine: s.Engine, Key: key}}
	if s.own.Attempts, err = register.OpenAttempts(ctx, s.Engine, key); err != nil {
		return err
	}
	if s.own.Sessions, err = register.OpenSessions(ctx, s.Engine); err != nil {
		return err
	}
	s.compare = newGate(compareSlots, compareQueue)
	s.nobody, err = newNobody(s.App)
	return err
}

// storeSessions writes who was seen.
func (s *Server) storeSessions() {
	if err := s.own.Sessions.Store(context.Background()); err != nil {
		s.App.Logger().Error("sessions: who was seen", "err", err)
	}
}

// newNobody is a record that nobody has, with a passphrase that nobody knows: comparing
// with it takes as long as with anybody's.
func newNobody(app core.App) (*core.Record, error) {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	rec := core.NewRecord(users)
	rec.SetPassword(security.RandomString(32))
	return rec, nil
}

// superuserEvery is how often an attempt is entered in the log; those between are counted.
const superuserEvery = time.Minute

// reportSuperuser enters in the audit log, and reports, that somebody tried to be
// PocketBase's superuser: none is let in by the network, from this machine or elsewhere.
func (s *Server) reportSuperuser(e *core.RequestEvent) {
	s.supers.mu.Lock()
	s.supers.count++
	now := s.Engine.Now()
	due := now.Sub(s.supers.last) >= superuserEvery
	count := s.supers.count
	if due {
		s.supers.last, s.supers.count = now, 0
	}
	s.supers.mu.Unlock()
	if !due {
		return
	}
	s.App.Logger().Error("somebody tried to sign in as PocketBase's superuser; refused", "origin", e.RealIP(), "path", e.Request.URL.Path, "attempts", count)
	if err := s.Engine.Audit(context.WithoutCancel(e.Request.Context()), engine.Server.ID, "", e.RealIP(), "superuser.refused", e.Request.URL.Path[:min(len(e.Request.URL.Path), 200)], ""); err != nil {
		s.App.Logger().Error("superuser: the audit log", "err", err)
	}
}
