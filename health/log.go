package health

import (
	"context"
	"io"
	"log/slog"
	"regexp"
)

// NewLog is the server's log: a line each, as text or JSON. It has no personal data by
// what is written into it; what looks like an ID number or a telephone number all the
// same (inside an error of somebody else's making) is struck out.
func NewLog(w io.Writer, asJSON bool, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if asJSON {
		return slog.New(striking{slog.NewJSONHandler(w, options)})
	}
	return slog.New(striking{slog.NewTextHandler(w, options)})
}

// numbers are ID numbers (18 places, or 15 of old), and mobile numbers.
var numbers = regexp.MustCompile(`(^|[^0-9A-Za-z-])([1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}|1[3-9][0-9]{9})($|[^0-9A-Za-z-])`)

// Strike takes such numbers out of a text.
func Strike(text string) string {
	for { // neighbours share the character between them
		out := numbers.ReplaceAllString(text, "${1}***${3}")
		if out == text {
			return out
		}
		text = out
	}
}

// striking strikes numbers out of all texts of a record.
type striking struct{ slog.Handler }

func (s striking) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, Strike(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(struck(a))
		return true
	})
	return s.Handler.Handle(ctx, out)
}

func struck(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Strike(v.String()))
	case slog.KindGroup:
		group := v.Group()
		out := make([]slog.Attr, len(group))
		for i, one := range group {
			out[i] = struck(one)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(out...)}
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, Strike(err.Error()))
		}
		return slog.String(a.Key, Strike(v.String()))
	}
	return a
}

func (s striking) WithAttrs(attrs []slog.Attr) slog.Handler {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = struck(a)
	}
	return striking{s.Handler.WithAttrs(out)}
}

func (s striking) WithGroup(name string) slog.Handler { return striking{s.Handler.WithGroup(name)} }
