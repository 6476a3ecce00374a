package backup

// What an operator is told.
const (
	textCopyFailed   = "数据库复制失败：%w"
	textCopyDamaged  = "备份校验未通过，本次备份作废(平板数据保留不变)：%w"
	textFolderTaken  = "备份目录 %s 正被另一个备份任务使用，请稍后再试"
	textInside       = "备份目录 %s 在数据目录之内，数据目录损坏时备份会一同丢失；请换到另一块磁盘"
	textSameVolume   = "备份目录 %s 与数据目录在同一块磁盘上，磁盘损坏时备份会一同丢失；请换到另一块磁盘，试用时可加 --same-volume"
	textManifest     = "备份 %s 的清单无法识别，请移走该目录后重试"
	textPhotoMissing = "照片 %s 已登记为保存，但服务器上的文件缺失或损坏，备份中也没有完好的副本；请先从旧备份恢复该照片：%w"
	textPhotoDamaged = "备份中的照片 %s 与校验值不符"
	textNoBackup     = "%s 中没有可用的备份"
	textNoSuchBackup = "%s 中没有名为 %s 的备份"
	textChanged      = "备份 %s 的文件与清单不符，可能损坏或被改动；请换用另一个备份"
	textOccupied     = "数据目录 %s 中已有数据库。确认要用备份替换时请加 --replace：原数据库会移到 %s 下，不会删除"
	textNoDecision   = "恢复未完成，数据目录未改动：%w"
	textNoRoom       = "数据目录 %s 所在磁盘空间不足：制作备份需要约 %d MB，剩余 %d MB；请先清理磁盘或改为备份到目录"

	textBucketTaken   = "数据目录 %s 正在制作另一份备份，请稍后再试"
	textObjectChanged = "存储桶中的 %s 与写入时不符，可能损坏或被改动；请检查对象存储，或换用另一个备份：%w"
	textAddress       = "备份地址 %s 无法识别，应为 s3://存储桶/前缀?endpoint=https://主机:端口&region=区域(可加 &style=path 或 &style=host)"
	textPlain         = "对象存储 %s 必须使用 https：备份含有个人信息，不得明文传输(仅本机地址可用 http)"
	textNoKeys        = "未指定对象存储的密钥文件：请用 --s3-keys 或配置项 s3-keys 指定，文件第一行为访问密钥，第二行为私有密钥"
	textKeysFile      = "对象存储的密钥文件 %s 无法读取：%w"
	textKeysOpen      = "对象存储的密钥文件 %s 其他用户也能读取，请先执行 chmod 600 %s"
	textKeysLines     = "对象存储的密钥文件 %s 应为两行：第一行访问密钥，第二行私有密钥"
)

// What an operator is told of a bucket; the bucket and the host are put in, in this order.
const (
	textNoSuchBucket = "存储桶 %s 在 %s 上不存在：请先建立，或检查地址"
	textDenied       = "没有存储桶 %s 的权限(%s)：该密钥需要列出、读取、写入和删除对象的权限"
	textWrongKeys    = "存储桶 %s 拒绝了密钥(%s)：请检查访问密钥和私有密钥是否正确、是否已停用"
	textClock        = "存储桶 %s 拒绝了请求：本机时间与 %s 相差过大，请校准时钟(NTP)"
	textRegion       = "存储桶 %s 的区域不对(%s)：请在地址中写明 &region=区域"
	textFull         = "存储桶 %s 空间已满或超出配额(%s)：请扩容，或减少 --backup-keep"
	textBusy         = "存储桶 %s 暂时无法服务(%s)：已重试多次，下次备份时会再试"
	textAnswered     = "存储桶 %s 返回了错误(%s)"
	textCertificate  = "存储桶 %s 所在的 %s 的 https 证书不受本机信任：请安装签发它的根证书"
	textUnreachable  = "连不上存储桶 %s 所在的 %s：请检查网络、地址和防火墙；已重试多次，下次备份时会再试"
)

// The report of a drill.
const (
	stepBackup  = "制作备份"
	stepRestore = "恢复(校验、取回、开始新的历史)"
	stepOpen    = "启动并校验两条哈希链"
	stepPhotos  = "逐张校验照片"
	stepCompare = "与现有数据比对"
	stepAll     = "合计"

	textDrillStep   = "演练未通过，停在“%s”：%w"
	textDrillCounts = "恢复出来的数据与备份清单不符：操作 %d 条、照片 %d 张，清单为 %d 条、%d 张"
	textDrillInside = "演练目录 %s 在数据目录之内；请用 --work 指定另一处"
	textDrillTaken  = "另一次演练正在使用 %s，请稍后再试，或用 --work 指定另一处"
	textDrillRoom   = "%s 空间不足：演练需要约 %d MB，剩余 %d MB；请用 --work 指定空间更大的目录"

	drillBackup    = "演练通过。备份 %s，制作于 %s，序号 %d。"
	drillMade      = "(这份备份是为演练临时制作的。要检验真正的备份，请加 --from。)"
	drillStep      = "  %s：%.1f 秒"
	drillWhole     = "恢复出的数据完整：操作 %d 条，审计 %d 条，照片 %d 张，全部读过并校验。"
	drillNoLive    = "没有可比对的现有数据(数据目录为空，或与该备份不是同一段历史)。"
	drillNothing   = "备份之后没有新的记录：若此刻恢复，什么也不会少。"
	drillNewer     = "若此刻恢复：现有数据到序号 %d；平板下次联网会补回 %d 条操作(涉及 %d 台平板)，备份之后新增照片 %d 张，由拍摄的平板补传。"
	drillOffices   = "  其中不在平板上的 %d 条(控制台办理、系统规则、名单导入)没有设备能补回，需要照纸面材料重新录入：备份间隔越短，这一项越少。"
	drillForgotten = "  另有 %d 条平板操作已被更新的备份覆盖，平板可能不再保留：请优先用最新的备份恢复。"
	drillGone      = "演练用的副本已全部删除，现有数据和备份未作任何改动。"
)
