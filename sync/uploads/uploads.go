// Package uploads receives photos by tus 1.0.0 (protocol §3.5): it admits an
// upload, keeps its bytes across broken connections and restarts, verifies the
// declared SHA-256 when the last byte is in, has package photo make harmless
// pictures of it, and only then answers.
//
// The tus protocol itself is tusd's handler; here is what stands around it:
// accounts, bounds, files that survive a power cut, and one shape of errors.
// What a photo belongs to, and who may add one, is asked of the caller through
// Config; this package knows no database.
//
// # What a client can rely on
//
//   - 204 to the last PATCH: the pictures are on disk and Stored has returned.
//   - The offset is always the size of the file on disk. After a power cut that
//     may be less than what was acknowledged, never more; what a disk left
//     wrong is found by the SHA-256, and the upload starts over (460).
//   - 503 to the last PATCH: every byte is kept. HEAD, or a PATCH without a
//     body at the full offset, tries again to finish; so does Sweep. HEAD says
//     423 as long as that fails, because tus clients take a 5xx of HEAD for a
//     lost upload and would send everything again.
//   - The answer to the last PATCH was lost: HEAD reports the full offset for a
//     day, which a tus client takes for success. Later than that, or from a new
//     upload of the same bytes, the photo is simply received again and found to
//     be there.
//   - A new upload for the same device, photo and hash replaces an unfinished
//     one: the client has lost its address.
package uploads

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"doorstep/photo"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	xslog "golang.org/x/exp/slog"
)

// BasePath is where the handler expects to be mounted, with everything below.
const BasePath = "/api/sync/v1/uploads/"

// Meta is what a client declares when it creates an upload.
type Meta struct {
	Account  string `json:"account"` // from the token, never from the client
	Device   string `json:"device"`
	Photo    string `json:"photo"` // the record's id
	SHA256   string `json:"sha256"`
	Filetype string `json:"filetype"`
	Bytes    int64  `json:"bytes"`
}

// Stored is a photo that is verified and on disk. Width and Height are those
// of the upright picture as it was sent.
type Stored struct {
	Meta
	Width  int
	Height int
}

// Config says where uploads live and whom to ask.
type Config struct {
	Dir      string           // unfinished uploads go to <Dir>/uploads
	Photos   *photo.Store     // finished ones
	MaxBytes int64            // of one upload; 0: photo.MaxBytes
	Expire   time.Duration    // of an unfinished upload, from its creation; 0: 60 days
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // faults of the server; nil: slog.Default()

	// Bounds of what is unfinished; 0 takes the default.
	MaxOpen    int   // uploads of one account; 64
	MaxPending int64 // bytes of all accounts; 16 GiB
	MinFree    int64 // bytes that stay free on the disk, for the database; 128 MiB
	// Free tells the free bytes of dir's disk; nil asks the system.
	Free func(dir string) (int64, error)

	// Broken is told that the disk failed a read, a write or an fsync; nil:
	// nobody is. The request is answered with read_only.
	Broken func(err error)

	// Account tells whose request it is; false is answered with 401.
	Account func(*http.Request) (accountID string, ok bool)
	// Accept may refuse a creation: a *Problem is answered as it stands, any
	// other error with 503. The ctx here and below carries the request's values.
	Accept func(ctx context.Context, m Meta) error
	// Stored marks the record; it may be called again for the same photo and
	// must not mind. On an error the answer is that *Problem, else 503; the
	// bytes stay, and it is tried again.
	Stored func(ctx context.Context, s Stored) error
	// Refused tells that these bytes can never become a photo (code is
	// photo.Invalid or photo.TooLarge). On an error the upload stays, and it is
	// tried again; otherwise it is discarded.
	Refused func(ctx context.Context, m Meta, code string) error
}

func (c *Config) defaults() error {
	if c.Dir == "" || c.Photos == nil || c.Account == nil || c.Accept == nil || c.Stored == nil || c.Refused == nil {
		return errors.New("uploads: Dir, Photos, Account, Accept, Stored and Refused must be set")
	}
	setDefault(&c.MaxBytes, photo.MaxBytes)
	setDefault(&c.Expire, 60*24*time.Hour)
	setDefault(&c.MaxOpen, 64)
	setDefault(&c.MaxPending, 16<<30)
	setDefault(&c.MinFree, 128<<20)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Broken == nil {
		c.Broken = func(error) {}
	}
	if c.Free == nil {
		c.Free = Free
	}
	return nil
}

func setDefault[T int | int64 | time.Duration](v *T, value T) {
	if *v == 0 {
		*v = value
	}
}

// Times of a request. The finish must fit into twice networkTimeout, after
// which the answer could no longer be written.
const (
	networkTimeout = 60 * time.Second // without a byte from the client
	lockTimeout    = 5 * time.Second  // for another request on the same upload to end
	finishTimeout  = 100 * time.Second
)

// Handler serves BasePath. It is safe for concurrent use; one process at a
// time may have a Config.Dir.
type Handler struct {
	config   Config
	ledger   *ledger
	locks    *memorylocker.MemoryLocker
	tus      http.Handler
	sweeping sync.Mutex
}

// New takes up the uploads that are in Dir, clearing what a crash left torn.
func New(c Config) (*Handler, error) {
	if err := c.defaults(); err != nil {
		return nil, err
	}
	l, err := openLedger(filepath.Join(c.Dir, "uploads"), c.Log)
	if err != nil {
		return nil, err
	}
	h := &Handler{config: c, ledger: l, locks: memorylocker.New()}
	composer := tus.NewStoreComposer()
	store := dataStore{h}
	composer.UseCore(store)
	composer.UseTerminater(store)
	composer.UseLocker(h.locks)
	unrouted, err := tus.NewUnroutedHandler(tus.Config{
		StoreComposer:           composer,
		MaxSize:                 c.MaxBytes,
		BasePath:                BasePath,
		Cors:                    &tus.CorsConfig{Disable: true},
		DisableDownload:         true,
		DisableConcatenation:    true,
		AcquireLockTimeout:      lockTimeout,
		NetworkTimeout:          networkTimeout,
		PreUploadCreateCallback: h.admit,
		// tusd logs a line for every step of every request, with paths.
		Logger: xslog.New(xslog.NewTextHandler(io.Discard, &xslog.HandlerOptions{Level: xslog.Level(100)})),
	})
	if err != nil {
		return nil, err
	}
	h.tus = unrouted.Middleware(methods(unrouted))
	return h, nil
}
