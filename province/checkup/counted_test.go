package checkup

import (
	"strings"
	"testing"
	"time"

	real "doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/sums"
)

func TestACountyThatCannotBeCountedIsNamedWithItsReasonAndWhatToDo(t *testing.T) {
	st, err := store.Open(t.Context(), real.NewPostgres(t).URL("check"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	v := &visit{st: st, ready: true}
	if l := counted(t.Context(), v); l.Level != good("").Level || l.Text != textCountable {
		t.Errorf("%+v", l)
	}
	_, keys, _ := real.Keys(t)
	say := real.NewTelling(t, st, keys)
	since := time.Date(2026, 11, 23, 1, 30, 0, 0, time.Local)
	for county, cause := range map[string]string{"370281": "22003", "370282": sums.TooLong, "370283": "XX000", "370285": ""} {
		say.Says(county, county+"h", "households", county+"h", county+"102200", map[string]any{"state": "active"})
		if cause == "" {
			continue
		}
		if _, err := st.Pool.Exec(t.Context(), `INSERT INTO failing VALUES ($1, $2, $2, $2, 1, $3)`, county, since, cause); err != nil {
			t.Fatal(err)
		}
	}
	l := counted(t.Context(), v)
	for _, want := range []string{"3 个县", "370281(自 2026-11-23 01:30，有数字超出范围，22003)", "370282(自 2026-11-23 01:30，五分钟没有统计完", "370283(自 2026-11-23 01:30，数据库报错，XX000)"} {
		if l.Level != warn || !strings.Contains(l.Text, want) {
			t.Errorf("no %s in %+v", want, l)
		}
	}
	for _, do := range []string{doNumber, doBusy, doReport} {
		if strings.Count(l.Do, do) != 1 {
			t.Errorf("%s stands not once in %s", do, l.Do)
		}
	}
}
