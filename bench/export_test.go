package bench

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// exportGoal is how much more memory than at rest the server may take while it makes a
// file of 50,000 rows.
const exportGoal = 100 << 20

// BenchmarkExport: the whole list of households as a workbook and as CSV, from the shipped
// binary on the demo county of -desk households; its memory at the highest, by the kernel.
func BenchmarkExport(b *testing.B) {
	if *deskHomes == 0 {
		return // -desk 50000 makes the county and asks
	}
	for b.Loop() {
		p := serve(b, deskCounty(b))
		token := enter(b, p.url, "county@demo.test")
		for _, format := range []string{"xlsx", "csv"} {
			idle := p.memory(b)
			must(b, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)) // the peak counts from here
			began := time.Now()
			rows, bytes := takeFile(b, p.url+"/api/console/v1/lists/households/file?format="+format, token)
			took, more := time.Since(began), p.field(b, "status", "VmHWM:")<<10-idle
			tell("households as "+format+": memory over rest", "≤ 100 MB", more <= exportGoal, "%d MB (%s, %d kB, %.1f s)", more>>20, rows, bytes>>10, took.Seconds())
		}
		p.end()
	}
}

// takeFile reads a list's file to its end; what the audit log will have of it, and its size.
func takeFile(b *testing.B, url, token string) (said string, bytes int) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	must(b, err)
	req.Header.Set("Authorization", token)
	res, err := http.DefaultClient.Do(req)
	must(b, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(b, err)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d %s", url, res.StatusCode, body)
	}
	if strings.HasSuffix(url, "csv") {
		said = fmt.Sprintf("%d rows", strings.Count(string(body), "\r\n")-3)
	} else {
		said = "a workbook"
	}
	return said, len(body)
}
