// Command province fills a province's store for a browser scenario, as if counties had
// said it: invented people in seven counties of two prefectures, one of them silent, one
// that cannot be counted, one person in two. It is for tests alone; the product reads a stream.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"doorstep/province/store"
	"doorstep/province/wire"
)

// Counties told of, the silent one among them, and beside them one whose payments are more
// than anybody could mean.
var counties = []string{"370281", "370282", "370285", "370681", "370682", "370685"}

const (
	silent   = "370682"
	nonsense = "370683"
	number   = "11010519491231002X" // of GB 11643's own example
	homes    = 60
)

func main() {
	if err := fill(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, database, keys string) error {
	text, err := os.ReadFile(keys)
	if err != nil {
		return err
	}
	county, err := wire.ParseCountyKeys(text)
	if err != nil {
		return err
	}
	sealer, err := wire.NewSealer(county, rand.Reader)
	if err != nil {
		return err
	}
	address, err := os.ReadFile(database)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, strings.TrimSpace(string(address)))
	if err != nil {
		return err
	}
	defer st.Close()
	var list []store.Delivered
	for i, code := range append(counties, nonsense) {
		said, err := tell(sealer, code, i)
		if err != nil {
			return err
		}
		for _, m := range said {
			list = append(list, store.Delivered{At: uint64(len(list) + 1), Message: m})
		}
	}
	if err := st.Apply(ctx, 0, "scenario", 0, list); err != nil {
		return err
	}
	_, err = st.Pool.Exec(ctx, `UPDATE counties SET heard = $1 WHERE county = $2`, time.Now().Add(-9*24*time.Hour), silent)
	return err
}

// tell is what a county says from its beginning to the end of its first telling.
func tell(sealer *wire.Sealer, code string, place int) ([]*wire.Message, error) {
	term, seq := "scenario-"+code, int64(0)
	out := []*wire.Message{{County: code, Term: term, Kind: wire.Begin}}
	put := func(typ, record, home, area string, values map[string]any, sealed []byte, blind string) {
		seq++
		text, _ := json.Marshal(values) // texts and truths
		out = append(out, &wire.Message{County: code, Term: term, Kind: wire.Put, Type: typ, Record: record, Seq: seq, Household: home, Area: area, Values: text, Sealed: sealed, Blind: blind})
	}
	plain := func(typ, record, home, area string, values map[string]any) {
		put(typ, record, home, area, values, nil, "")
	}
	for i := range homes + 11*place {
		home := fmt.Sprintf("%s-h%d", code, i)
		area := fmt.Sprintf("%s%03d201", code, 101+i%4)
		life(plain, home, area, i, place)
		who, named := "", ""
		if i == 0 && (place == 0 || place == 3) {
			who, named = number, []string{"于秀英", "", "", "于秀瑛"}[place]
		}
		sealed, err := sealer.Seal(code, "members", home+"-m", map[string]any{"name": named, "id_number": who})
		if err != nil {
			return nil, err
		}
		blind := ""
		if who != "" {
			blind = sealer.Blind(who)
		}
		put("members", home+"-m", home, area, map[string]any{"sex": "2", "birth_date": "1949-12-31", "alive": true}, sealed, blind)
	}
	if code == nonsense {
		for n := range 11 {
			plain("assistance", fmt.Sprint(code, "-a", n), code+"-h0", code+"101201", map[string]any{"item": "basic_living", "state": "given", "given_on": day(1), "amount": 999e12})
		}
	}
	seq++
	return append(out, &wire.Message{County: code, Term: term, Kind: wire.Whole, Seq: seq}), nil
}
