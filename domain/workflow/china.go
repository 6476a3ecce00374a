package workflow

// China is the calendar of the State Council's arrangements that are known; the
// county adds the next year's by Calendar.With.
func China() Calendar { return Calendar{}.With(china2026...) }

// 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04.
var china2026 = []Exception{
	{From: "2026-01-01", To: "2026-01-03", Name: "元旦"},
	{From: "2026-01-04", To: "2026-01-04", Name: "元旦", Worked: true},
	{From: "2026-02-14", To: "2026-02-14", Name: "春节", Worked: true},
	{From: "2026-02-15", To: "2026-02-23", Name: "春节"},
	{From: "2026-02-28", To: "2026-02-28", Name: "春节", Worked: true},
	{From: "2026-04-04", To: "2026-04-06", Name: "清明节"},
	{From: "2026-05-01", To: "2026-05-05", Name: "劳动节"},
	{From: "2026-05-09", To: "2026-05-09", Name: "劳动节", Worked: true},
	{From: "2026-06-19", To: "2026-06-21", Name: "端午节"},
	{From: "2026-09-20", To: "2026-09-20", Name: "国庆节", Worked: true},
	{From: "2026-09-25", To: "2026-09-27", Name: "中秋节"},
	{From: "2026-10-01", To: "2026-10-07", Name: "国庆节"},
	{From: "2026-10-10", To: "2026-10-10", Name: "国庆节", Worked: true},
}
