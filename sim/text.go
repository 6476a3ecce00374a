package sim

import (
	"strconv"
	"strings"

	"doorstep/sync/wire"
)

func writeResult(b *strings.Builder, r wire.Result) {
	writeInts(b, "n", r.N)
	b.WriteString(" " + r.Outcome)
	if r.Error != nil {
		b.WriteString(":" + string(r.Error.Code) + ":" + r.Error.Field)
	}
	writeInts(b, "@", r.Seq)
	b.WriteString("; ")
}

func writeInts(b *strings.Builder, name string, n int64) {
	b.WriteString(name + " " + strconv.FormatInt(n, 10))
}
