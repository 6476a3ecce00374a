// Package hooks is thin glue between PocketBase and the product: a file per route
// group or event family. Each handler decodes, calls, maps the error and goes on;
// nothing is decided here.
package hooks

import (
	"context"
	"io/fs"
	"sync"

	"doorstep/figures/counting"
	"doorstep/interop"
	"doorstep/photo"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/sealing"
	"doorstep/sync/uploads"
	"doorstep/tables"

	"github.com/pocketbase/pocketbase/core"
)

// Server is what the routes need.
type Server struct {
	App     core.App
	Engine  *engine.Engine
	Photos  *photo.Store
	Uploads *uploads.Handler
	Sealing *sealing.Key
	Monitor *register.Monitor
	Pages   fs.FS // the built apps; nil: none are served
	Lists   *register.Comparisons
	Figures *counting.Monitor
	Meter   Meter // is told what is answered
	// SecondFactor asks one of every office above the village.
	SecondFactor bool
	AuditTo      string // where each month of the audit log is exported to; "": nowhere
	Address      string // by which people reach this server, for codes on paper; "" none

	pushes    *gate // decoded batches
	line      *line // pushes of one account
	snapshots *gate // pages being built
	shelf     shelf // snapshots that many read
	files     *fileDesk
	checks    *gate   // of the hash chains
	table     []route // the routes: a list's file asks the list's own

	settled   *register.Settings // what the county set
	referrals register.Referrals
	handovers *register.Handovers // nil: the county is joined to no province
	casework  register.Casework
	regions   register.Regions
	accounts  register.Accounts
	search    *register.Search
	sums      register.FundSums
	full      func() bool // the disk is nearly full: nothing large is taken; nil: never
	draining  context.Context
	drain     context.CancelFunc
	own       register.OwnAccount
	compare   *gate        // passphrases being compared
	nobody    *core.Record // whom a login that is nobody's is compared with
	supers    superusers
	courier   *courier      // tells departments' systems
	desk      *interop.Desk // answers other offices' systems; nil: none may ask
	resealing sync.Mutex    // one round at a time seals anew
}

// How many at a time hold a decoded batch, or build a page of a snapshot; and how
// many may wait for it, each with its connection and what it sent.
const (
	pushSlots     = 64
	snapshotSlots = 4
	gateQueue     = 4096
)

// Open starts the parts on a bootstrapped app whose migrations have run.
func Open(app core.App, cfg engine.Config, pages fs.FS) (*Server, error) {
	if err := engine.AssertFull(app, 16); err != nil {
		return nil, err
	}
	cfg.Places = register.SealedPlaces()
	e, err := engine.New(app, cfg)
	if err != nil {
		return nil, err
	}
	monitor, err := register.OpenMonitor(context.Background(), e, cfg.Rules)
	if err != nil {
		return nil, err
	}
	photos, err := photo.OpenStore(app.DataDir())
	if err != nil {
		return nil, err
	}
	photos.SealWith(e.Ring())
	key, err := sealing.Load(app.DataDir())
	if err != nil {
		return nil, err
	}
	blinding, err := sealing.Blinding(app.DataDir())
	if err != nil {
		return nil, err
	}
	s := &Server{App: app, Engine: e, Photos: photos, Pages: pages, Sealing: key, Monitor: monitor,
		pushes: newGate(pushSlots, gateQueue), line: newLine(), snapshots: newGate(snapshotSlots, gateQueue), files: newFileDesk(), checks: newGate(1, 8), table: routes}
	s.Meter, s.full = uncounted{}, cfg.Full
	s.draining, s.drain = context.WithCancel(context.Background())
	s.Lists = &register.Comparisons{Engine: e, Limits: tables.Default, Withdrawn: monitor.Warnings.Withdrawn}
	if err := s.clearSpool(); err != nil {
		return nil, err
	}
	s.Figures = &counting.Monitor{Engine: e, Keep: counting.KeptFor}
	if s.settled, err = register.OpenSettings(context.Background(), monitor); err != nil {
		return nil, err
	}
	s.referrals = register.Referrals{Engine: e, Settings: s.settled}
	s.casework = register.Casework{Engine: e, Settings: s.settled}
	if err := s.openSignIn(); err != nil {
		return nil, err
	}
	s.accounts = register.Accounts{App: app, Engine: e, Attempts: s.own.Attempts, Sessions: s.own.Sessions, Factors: s.own.Factors}
	s.regions = register.Regions{Engine: e}
	if err := s.regions.Install(context.Background()); err != nil {
		return nil, err
	}
	s.search = &register.Search{Engine: e, Key: blinding, Settings: s.settled}
	s.courier = newCourier(register.Courier{Engine: e}, app.Logger())
	if s.Uploads, err = s.openUploads(); err != nil {
		return nil, err
	}
	return s, nil
}

// Bind registers every route and every shut door on a router.
func (s *Server) Bind(se *core.ServeEvent) {
	BindDoors(s.App)
	s.BindSignIn()
	s.bindChores()
	s.recoverLists()
	s.bindCasework()
	go s.search.Follow(func(err error) { s.App.Logger().Error("search: the index", "err", err) })
	bindRequestLog(se.Router)
	s.bindSessions(se.Router)
	s.bindRoutes(se.Router)
	s.bindPages(se.Router)
	se.InstallerFunc = nil // accounts are made by command, never by whoever comes first
}
