// Package desk is the province's console: figures of the counties, by prefecture, county
// and town, out of the province's store, in pages that the server writes whole; a person
// is shown only after a purpose was written, and each look is entered before it is
// answered. It reads the store and has a few tables of its own beside it (accounts,
// sessions, looks); it knows no stream, and changes nothing that counties said.
package desk

import (
	"context"
	"net/http"
	"sync"
	"time"

	"doorstep/province/store"
	"doorstep/province/sums"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/crypto/bcrypt"
)

// Config is what a desk is made of.
type Config struct {
	Store  *store.Store
	Opener *wire.Opener      // opens names and finds by number; nil: no person is shown
	Names  map[string]string // of prefectures and counties by code
	Now    func() time.Time
	// Waiting is how many messages of each county are not in the store; nil: not known here.
	Waiting func(context.Context) (map[string]uint64, error)
	Fault   func(error) // is told what went wrong
	Cost    int         // of bcrypt; 0: 10
	// SecondFactor is who must have one; FactorKey seals their secrets, and is not in the
	// database. nil: nobody can have one.
	SecondFactor SecondFactor
	FactorKey    []byte
}

// Desk answers the console's pages.
type Desk struct {
	Config
	pool    *pgxpool.Pool
	hashing chan struct{} // passwords being compared, a few at a time
	nobody  []byte        // what is compared with where there is no account: that takes as long

	checking sync.Mutex // the log of looks, from its beginning: one at a time
}

// hashers is how many passwords are compared at a time: each costs 60 ms of a core.
const hashers = 2

// Open builds the desk's own tables.
func Open(ctx context.Context, c Config) (d *Desk, err error) {
	if c.Cost == 0 {
		c.Cost = bcrypt.DefaultCost
	}
	d = &Desk{Config: c, pool: c.Store.Pool, hashing: make(chan struct{}, hashers)}
	if d.nobody, err = bcrypt.GenerateFromPassword([]byte("nobody"), c.Cost); err != nil {
		return nil, err
	}
	return d, d.build(ctx)
}

// Count counts what the pages show, until the context ends; it may be done in any of the
// processes that have the store, or in several.
func (d *Desk) Count(ctx context.Context) {
	(&sums.Counter{Pool: d.pool, Now: d.Now, Fault: d.Fault}).Run(ctx)
}

// Handler serves the pages. A form that another site sends is refused.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk.css", style)
	mux.HandleFunc("GET /sign-in", d.signInPage)
	mux.HandleFunc("POST /sign-in", d.signIn)
	mux.HandleFunc("POST /sign-out", d.signOut)
	for _, rt := range d.routes() {
		mux.HandleFunc(rt.pattern, d.with(rt.right, rt.handle))
	}
	mux.HandleFunc("GET /code", d.signedIn(d.codePage))
	mux.HandleFunc("POST /code", d.signedIn(d.code))
	mux.HandleFunc("GET /factor", d.signedIn(d.factorPage))
	mux.HandleFunc("GET /factor.png", d.signedIn(d.factorImage))
	mux.HandleFunc("POST /factor", d.signedIn(d.factorConfirm))
	return guarded(http.NewCrossOriginProtection().Handler(mux))
}

// route is a page, and the right that it asks for.
type route struct {
	pattern string
	right   Right
	handle  func(http.ResponseWriter, *http.Request, Account)
}

func (d *Desk) routes() []route {
	return []route{
		{"GET /{$}", SeeSums, d.area},
		{"GET /part/{part}", SeeSums, d.area},
		{"GET /area/{code}", SeeSums, d.area},
		{"GET /area/{code}/{part}", SeeSums, d.area},
		{"GET /person", SeePersons, d.personForm},
		{"POST /person", SeePersons, d.person},
		{"GET /looks", SeeLooks, d.looks},
		{"POST /looks/export", SeeLooks, d.export},
		{"POST /looks/check", SeeLooks, d.checkLooks},
		{"GET /accounts", KeepAccounts, d.accounts},
		{"POST /accounts", KeepAccounts, d.newAccount},
		{"GET /accounts/{name}", KeepAccounts, d.account},
		{"POST /accounts/{name}", KeepAccounts, d.changeAccount},
		{"GET /own", Anybody, d.own},
	}
}

// mostForm bounds a form's body.
const mostForm = 16 << 10

func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		next.ServeHTTP(w, r)
	})
}
