package hooks

import (
	"bytes"
	sheets "html/template"
	"strings"
	"testing"
)

// What is printed is opened by the console under its own policy: a sheet whose style is
// not let in is a page of bare text.
func TestTheConsoleLetsTheSheetsStylesIn(t *testing.T) {
	for name, sheet := range map[string]*sheets.Template{"household": householdTemplate, "deliberation": deliberationTemplate, "determination": determinationTemplate} {
		var out bytes.Buffer
		_ = sheet.Execute(&out, nil) // its style stands before all that needs data
		if page := out.String(); !strings.Contains(page, "</style>") || !strings.Contains(consoleCSP, styleHash(page)) {
			t.Errorf("%s: its style %s is not in %q, or it is not written", name, styleHash(page), consoleCSP)
		}
	}
	if strings.Contains(csp, "sha256-") {
		t.Error("the tablet prints no such sheet")
	}
}
