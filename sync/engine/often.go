package engine

import (
	"database/sql"
	"sync"
)

// oftenAsked are the questions that desks ask again and again in the same words, each
// parsed once a connection: a page of the day is some fifteen of them, and parsing them
// was most of what it cost.
type oftenAsked struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// mostOften bounds how many are kept; what comes then is parsed each time.
const mostOften = 128

// Often reads like Query what is asked again and again. What it answers is read to its
// end before the same words are asked again.
func (v *View) Often(query string, args ...any) (*sql.Rows, error) {
	v.often.mu.Lock()
	st, known := v.often.kept[query]
	v.often.mu.Unlock()
	tx, ok := v.s.q.(*sql.Tx)
	if !known || !ok {
		v.asked = append(v.asked, query)
		return v.s.query(query, args...)
	}
	return tx.StmtContext(v.s.ctx, st).QueryContext(v.s.ctx, args...)
}

// parse keeps what was asked for the next time. It is called when no connection is held:
// one is needed, and everybody who waits for a second one would wait for ever.
func (o *oftenAsked) parse(read *sql.DB, asked []string) {
	for _, query := range asked {
		o.mu.Lock()
		_, known := o.kept[query]
		full := len(o.kept) >= mostOften
		o.mu.Unlock()
		if known || full {
			continue
		}
		st, err := read.Prepare(query)
		if err != nil {
			return // it will be asked, and refused, as it stands
		}
		o.mu.Lock()
		if _, there := o.kept[query]; there {
			_ = st.Close()
		} else {
			if o.kept == nil {
				o.kept = map[string]*sql.Stmt{}
			}
			o.kept[query] = st
		}
		o.mu.Unlock()
	}
}
