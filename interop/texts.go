package interop

// What whoever starts the server is told.
const (
	textNoFile    = "配置项 interop：不能读取查询单位文件：%w"
	textBadFile   = "配置项 interop：%s：%w"
	textBadOwnKey = "本机的查询接口签名密钥 %s 已损坏，请用保管的副本恢复；没有副本时删除它，重启后会生成新的，并须把新公钥告知各查询单位"
)
