package register

// What is said on a household's page.
var householdTexts = map[string]string{
	"declaration": "诚信申报",
	"unchecked":   "待核查",
	"unruled":     "待认定",
	"excused":     "予以容错",
	"not_excused": "不予容错",
	"purpose":     "请选择查看用途。",
	"empty":       "这一项没有填写。",
	"away":        "外县",
}

func householdWords(key string) string { return householdTexts[key] }

// RevealPurpose is why somebody needs a number in full.
type RevealPurpose struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

var revealPurposes = []RevealPurpose{
	{"identity", "核对本人证件"}, {"application", "办理申请和认定"}, {"comparison", "核对部门名单"}, {"aid", "发放救助"}, {"supervision", "监督检查"},
}
