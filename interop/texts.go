package interop

// What whoever starts the server is told.
const (
	textNoFile    = "配置项 interop：不能读取查询单位文件：%w"
	textBadFile   = "配置项 interop：%s：%w"
	textLacks     = "配置项 interop：%s：查询单位 %q 的信息项 %q 这里没有(各县不上传)，请删除"
	textBadOwnKey = "本机的查询接口签名密钥 %s 已损坏，请用保管的副本恢复；没有副本时删除它，重启后会生成新的，并须把新公钥告知各查询单位"
)
