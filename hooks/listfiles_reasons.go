package hooks

import (
	"net/http"
	"slices"
	"strings"

	"doorstep/register"
)

// noFile are reads that are no list of the console, or a list that has its file elsewhere,
// each with its reason. Every other GET without a name in its path is a list, and has a row
// in register.ListFiles.
var noFile = map[string]string{
	syncPrefix + "/schema":   "the table of types, for programs",
	syncPrefix + "/pull":     "a tablet's feed",
	syncPrefix + "/snapshot": "a tablet's feed",
	syncPrefix + "/events":   "a stream that says that something changed",

	consolePrefix + "/own/account":            "one's own account, a few lines",
	consolePrefix + "/summary":                "counts, each of a list that has a file",
	consolePrefix + "/figures":                "counts, each of a list that has a file",
	consolePrefix + "/indicators":             "the county's settings, with their own page",
	consolePrefix + "/indicators/settings":    "the county's settings",
	consolePrefix + "/indicators/environment": "names for writing an indicator",
	consolePrefix + "/calendar":               "the county's settings",
	consolePrefix + "/rounds":                 "the last nights' rounds, a few lines",
	consolePrefix + "/visits/suggested":       "an order of the day, for the desk alone",
	consolePrefix + "/determination-rules":    "the county's settings",
	consolePrefix + "/parameters":             "the county's settings",
	consolePrefix + "/supervision/options":    "tables for forms",
	consolePrefix + "/accounts/options":       "tables for forms",
	consolePrefix + "/audit/options":          "tables for forms",
	consolePrefix + "/referrals/options":      "tables for forms",
	consolePrefix + "/handovers/options":      "tables for forms",
	consolePrefix + "/department/options":     "tables for forms",
	consolePrefix + "/leads/options":          "tables for forms",
	consolePrefix + "/contracts/options":      "tables for forms",
	consolePrefix + "/urgent-aid/options":     "tables for forms",
	consolePrefix + "/charity/options":        "tables for forms",
	consolePrefix + "/deliberations/options":  "tables for forms",
	consolePrefix + "/visit-orders/options":   "tables for forms",
	consolePrefix + "/publicity/page":         "a page to be printed",
	consolePrefix + "/households/places":      "names of places, for filters",
	consolePrefix + "/todo":                   "lines of lists that have their files",
	consolePrefix + "/saved-views":            "somebody's own questions",
	consolePrefix + "/funds/file":             "a file itself",
}

// ListsWithoutFile are the lists of the route table that can be had as no file, and have no
// reason for it: none, or a test fails.
func ListsWithoutFile() []string {
	files := register.ListFiles()
	var out []string
	for _, rt := range routes {
		if rt.method != http.MethodGet || strings.Contains(rt.path, "{") || noFile[rt.path] != "" {
			continue
		}
		if !slices.ContainsFunc(files, func(l register.ListFile) bool { return l.Path == rt.path }) {
			out = append(out, rt.path)
		}
	}
	return out
}
