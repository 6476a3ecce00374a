package supervision

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Method names how a sample is drawn, so that one can be drawn again by anybody: each id
// is ranked by SHA-256 over "seed\nid", the lowest come first.
const Method = "sha256(seed\\nid), lowest first"

// Draw is a sample: the same seed and the same population give the same ids in the same
// order, in whatever order the population comes. Nobody chooses: the seed is stated
// before the draw, a change of one letter gives another sample.
func Draw(seed string, population []string, n int) []string {
	type ranked struct {
		rank [32]byte
		id   string
	}
	all := make([]ranked, 0, len(population))
	for _, id := range sorted(population) {
		all = append(all, ranked{sha256.Sum256([]byte(seed + "\n" + id)), id})
	}
	slices.SortFunc(all, func(a, b ranked) int {
		if c := slices.Compare(a.rank[:], b.rank[:]); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	out := make([]string, 0, min(n, len(all)))
	for _, r := range all[:min(n, len(all))] {
		out = append(out, r.id)
	}
	return out
}

// PopulationHash is what was drawn from: SHA-256 over the ids in order, a line each.
func PopulationHash(population []string) string {
	h := sha256.New()
	for _, id := range sorted(population) {
		_, _ = h.Write([]byte(id + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// sorted is the population as a set, in order.
func sorted(population []string) []string {
	out := slices.Clone(population)
	slices.Sort(out)
	return slices.Compact(out)
}

// Result is what an inspection came to.
type Result struct {
	Code    string `json:"code"`
	Label   string `json:"label"`
	Problem bool   `json:"problem"`
	Clause  string `json:"clause"`
}

var results = []Result{
	{"conform", "符合规定", false, "五(三)"},
	{"not_seen", "未见到家庭", false, "五(三)"},
	{"ineligible", "不符合救助条件", true, "三(四)、五(三)骗取套取"},
	{"favour", "优亲厚友", true, "五(三)“人情保”“关系保”"},
	{"funds", "资金未足额及时发放或被截留挪用", true, "五(三)资金使用监管"},
	{"undelivered", "政策未落实", true, "三(四)"},
	{"procedure", "程序不规范", true, "五(三)规范公示公开程序"},
	{"record", "登记信息不实", true, "三(二)信息完整、真实可靠"},
}

// Results lists the table.
func Results() []Result { return slices.Clone(results) }

// ResultOf finds one; ok is false where there is none.
func ResultOf(code string) (Result, bool) {
	i := slices.IndexFunc(results, func(r Result) bool { return r.Code == code })
	if i < 0 {
		return Result{}, false
	}
	return results[i], true
}
