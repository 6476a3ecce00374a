package hooks

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"doorstep/domain/access"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"

	"github.com/go-json-experiment/json"
)

// Departments' lists: their register, the files that came, and what they say.

func (s *Server) sources(c *call) error {
	items, err := s.Lists.Sources(c.Request.Context())
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

func (s *Server) agree(c *call) error {
	var body register.Agreement
	if err := c.decode(&body); err != nil {
		return err
	}
	source, err := s.Lists.Agree(c.Request.Context(), c.by, c.Request.PathValue("source"), body)
	if err != nil {
		return err
	}
	return c.answer(source)
}

// importList takes a file as the body of the request, as it is on its sender's disk;
// ?period, as_of and file say what it is. What is wrong with the file as a whole is
// answered; 202 means that it is being read, 200 that it had come before.
func (s *Server) importList(c *call) error {
	file, err := s.spool(c)
	if err != nil {
		return err
	}
	in, err := c.incoming(file)
	if err != nil {
		file.remove()
		return err
	}
	b, fresh, err := s.Lists.Start(c.Request.Context(), c.by, in, file.remove)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if fresh {
		status = http.StatusAccepted
	}
	return write(c.RequestEvent, status, b)
}

// incoming is a spooled file with what the address says of it; ?mapping is an object of
// fields and headings.
func (c *call) incoming(file *spoolFile) (register.Incoming, error) {
	q := c.Request.URL.Query()
	in := register.Incoming{Source: c.Request.PathValue("source"), Period: q.Get("period"), AsOf: q.Get("as_of"), Name: q.Get("file"), Path: file.path, SHA256: file.sha256, Bytes: file.bytes}
	if text := q.Get("mapping"); text != "" {
		if err := json.Unmarshal([]byte(text), &in.Mapping); err != nil {
			return in, wire.Malformed("mapping", "列对应关系的格式不对，请刷新页面后重试。")
		}
	}
	return in, nil
}

// lookAtList shows how a file would be read, and takes nothing.
func (s *Server) lookAtList(c *call) error {
	file, err := s.spool(c)
	if err != nil {
		return err
	}
	defer file.remove()
	in, err := c.incoming(file)
	if err != nil {
		return err
	}
	look, err := s.Lists.Look(c.Request.Context(), in)
	if err != nil {
		return err
	}
	return c.answer(look)
}

func (s *Server) batches(c *call) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	purpose, err := c.choice("purpose", "", "compare", "load")
	if err != nil {
		return err
	}
	items, next, err := s.Lists.Batches(c.Request.Context(), register.BatchQuery{Purpose: purpose, Source: c.Request.URL.Query().Get("source"), Limit: limit, After: after})
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

func (s *Server) batch(c *call) error {
	b, err := s.batchOf(c)
	if err != nil {
		return err
	}
	return c.answer(b)
}

func (s *Server) batchOf(c *call) (*register.Batch, error) {
	id, err := c.id()
	if err != nil {
		return nil, err
	}
	return s.Lists.Batch(c.Request.Context(), id)
}

// batchEffects is what a withdrawal would undo.
func (s *Server) batchEffects(c *call, id string) (any, error) {
	return s.Lists.Effects(c.Request.Context(), id)
}

// ownBatch is a batch whose bad rows the caller may see: their own file's, for the
// county anybody's.
func (s *Server) ownBatch(c *call) (*register.Batch, error) {
	b, err := s.batchOf(c)
	if err == nil && b.By != c.by.ID && c.by.Role != access.County {
		err = notFound
	}
	return b, err
}

// badRows are where and why rows could not be taken.
func (s *Server) badRows(c *call) error {
	b, err := s.ownBatch(c)
	if err != nil {
		return err
	}
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, more, err := s.Lists.BadRows(c.Request.Context(), b, limit, after)
	if err != nil {
		return err
	}
	next := ""
	if more {
		next = engine.NextPage(int64(items[len(items)-1].Line))
	}
	return c.answer(list{items, next})
}

// batchFaults is the rows that could not be taken, as CSV, to be corrected and sent
// again. Whoever sends lists for the county gets back those of their own files; the
// county those of all.
func (s *Server) batchFaults(c *call) error {
	b, err := s.ownBatch(c)
	if err != nil {
		return err
	}
	if err := s.Engine.Audit(c.Request.Context(), c.by.ID, "", c.origin(), "comparison.faults", b.ID, ""); err != nil {
		return err
	}
	h := c.Response.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="faults-`+b.ID+`.csv"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	return s.Lists.Faults(c.Request.Context(), b, c.Response)
}

func (s *Server) withdrawBatch(c *call, id string, body wire.Return) (any, error) {
	ctx := c.Request.Context()
	kept, err := s.DeskLoads().TakeBack(ctx, c.by, id, body.Reason, c.origin())
	if err != nil {
		return nil, err
	}
	b, err := s.Lists.Batch(ctx, id)
	return withdrawn{b, kept}, err
}

// withdrawn is the batch, and how much of it stays: households with which somebody has
// worked, divisions and accounts that are in use.
type withdrawn struct {
	*register.Batch `json:",embed"`
	Kept            int `json:"kept"`
}

// firstLoad looks through a provincial export (?dry=1), or loads it; ?skip=1 leaves
// out households of which a row is wrong.
func (s *Server) firstLoad(c *call) error {
	file, err := s.spool(c)
	if err != nil {
		return err
	}
	defer file.remove()
	q := c.Request.URL.Query()
	in := register.Incoming{Period: q.Get("period"), Name: q.Get("file"), Path: file.path, SHA256: file.sha256, Bytes: file.bytes}
	// A load that has begun goes on when its asker has gone: half of it would have to be taken back.
	r, err := s.DeskLoads().Load(context.WithoutCancel(c.Request.Context()), c.by, c.Request.PathValue("kind"), in, q.Get("dry") != "", q.Get("skip") != "", c.origin())
	if err != nil {
		return err
	}
	return c.answer(r)
}

// DeskLoads loads files of divisions, accounts and staff's relatives.
func (s *Server) DeskLoads() *register.DeskLoads {
	return &register.DeskLoads{Lists: s.Lists, Regions: &s.regions, Accounts: &s.accounts, Supervision: s.supervision()}
}

// export writes what was found and what changed, of the account's scope, as CSV or XLSX.
func (s *Server) export(c *call) error {
	format, err := c.choice("format", "csv", "csv", "xlsx")
	if err != nil {
		return err
	}
	typ := c.Request.PathValue("type")
	if !slices.Contains(register.Exports, typ) {
		return notFound
	}
	w, err := c.sheet(typ, "", format)
	if err != nil {
		return err
	}
	_, err = register.Export(c.Request.Context(), s.Engine, c.by, typ, c.Request.URL.Query().Get("since"), c.origin(), w)
	return err
}

// sheet begins a list that goes out as a file; shown is its name for people, "" none.
func (c *call) sheet(name, shown, format string) (tables.Writer, error) {
	h := c.Response.Header()
	h.Set("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[format])
	h.Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	if shown != "" {
		h.Set("Content-Disposition", h.Get("Content-Disposition")+`; filename*=UTF-8''`+url.PathEscape(shown+"."+format))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	write := tables.NewCSV
	if format == "xlsx" {
		write = tables.NewXLSX
	}
	return write(c.Response)
}

func (s *Server) results(c *call) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	state, err := c.choice("state", "", "standing", "to_confirm", "dismissed")
	if err != nil {
		return err
	}
	q := c.Request.URL.Query()
	items, next, err := s.Lists.Results(c.Request.Context(), c.by, register.ResultQuery{Batch: q.Get("batch"), Result: q.Get("result"), State: state, Household: q.Get("household"), Limit: limit, After: after})
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

func (s *Server) result(c *call, id string) (any, error) {
	return s.Lists.Result(c.Request.Context(), c.by, id)
}

func (s *Server) decideResult(c *call, id string, body register.Decision) (any, error) {
	return s.Lists.Decide(c.Request.Context(), c.by, id, body)
}

// recoverLists ends what a stopped server left half read.
func (s *Server) recoverLists() {
	if err := s.Lists.Recover(context.Background()); err != nil {
		s.App.Logger().Error("lists: recovery", "err", err)
	}
	if err := s.regions.Recover(context.Background()); err != nil {
		s.App.Logger().Error("regions: recovery", "err", err)
	}
}
