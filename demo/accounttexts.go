package demo

const (
	socialWorker  = "赵雅静"
	labelAssigned = "分派的家庭(两村)"
	labelNoArea   = "—"
)

// The departments that answer referrals: the account and who it is.
var departmentAccounts = [][2]string{
	{"education", "教体局 孙明霞"}, {"employment", "人社局 刘志强"}, {"medical", "医保局 徐丽"}, {"housing", "住房保障中心 张海涛"},
	{"emergency", "应急管理局 高建民"}, {"disabled", "残联 宋春梅"}, {"agriculture", "农业农村局 于学军"}, {"health", "卫健局 陈静"}, {"finance", "财政局 周文斌"},
}
