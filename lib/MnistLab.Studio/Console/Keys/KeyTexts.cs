using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Keys;

/// <summary>Defines the texts of the access keys.</summary>
internal static class KeyTexts
{
    public static readonly Text Location = new("Objects are stored in {0}.", "对象存储位置:{0}");
    public static readonly Text File = new(
        "Keys are saved in {0}, which only you can read. Notebooks, the command line, and the console use the same key.",
        "密钥保存在只有您可以读取的 {0} 中。笔记本、命令行和控制台使用同一个密钥。");
    public static readonly Text NoFolder = new(
        "There is no folder for your settings. Let the environment variable {0} name one, and start Studio again.",
        "没有保存设置的文件夹。请用环境变量 {0} 指定一个,然后重新启动 Studio。");
    public static readonly Text FromEnvironment = new(
        "The environment variables OBS_… name a server. They take precedence over the keys below.",
        "环境变量 OBS_… 已指定服务器,优先于下面的密钥。");
    public static readonly Text Endpoint = new("Endpoint", "终端节点");
    public static readonly Text EndpointHint = new(
        "As in OBS_ENDPOINT: https://obs.cn-north-4.myhuaweicloud.com",
        "同 OBS_ENDPOINT:https://obs.cn-north-4.myhuaweicloud.com");
    public static readonly Text Region = new("Region", "区域");
    public static readonly Text RegionHint = new(
        "As in OBS_REGION. Leave it empty if the endpoint's name contains it.", "同 OBS_REGION。如果终端节点名称中已包含区域,请留空。");
    public static readonly Text KeyId = new("Access key ID", "访问密钥 ID(AK)");
    public static readonly Text KeyIdHint = new("As in OBS_ACCESS_KEY_ID.", "同 OBS_ACCESS_KEY_ID。");
    public static readonly Text Secret = new("Secret access key", "私有访问密钥(SK)");
    public static readonly Text SecretHint = new(
        "As in OBS_SECRET_ACCESS_KEY. It is never shown again.", "同 OBS_SECRET_ACCESS_KEY。保存后不再显示。");
    public static readonly Text Csv = new("Or the file credentials.csv", "或选择 credentials.csv 文件");
    public static readonly Text CsvHint = new(
        "The file that the cloud's console saves when it creates a key.", "云控制台创建密钥时下载的文件。");
    public static readonly Text CsvChosen = new("The key comes from {0}.", "密钥来自 {0}。");
    public static readonly Text Style = new("Place of the bucket in an address", "桶在地址中的位置");
    public static readonly Text StyleHint = new("As in OBS_ADDRESSING_STYLE.", "同 OBS_ADDRESSING_STYLE。");
    public static readonly Text Add = new("Add access key", "添加访问密钥");
    public static readonly Text New = new("New access key", "新建访问密钥");
    public static readonly Text Added = new("The key …{0} is saved and in use.", "密钥 …{0} 已保存,从现在起使用。");
    public static readonly Text Key = new("Access key", "访问密钥");
    public static readonly Text InUse = new("In use", "使用中");
    public static readonly Text Test = new("Test", "测试");
    public static readonly Text TestOf = new("Test the key …{0}", "测试密钥 …{0}");
    public static readonly Text Testing = new("Asking {0}…", "正在访问 {0}…");
    public static readonly Text Accepted = new("{0} accepts the key …{1}: {2} buckets.", "{0} 接受密钥 …{1}:{2} 个桶。");
    public static readonly Text Use = new("Use", "使用");
    public static readonly Text UseOf = new("Use the key …{0}", "使用密钥 …{0}");
    public static readonly Text StopUsing = new("Use the folder on this machine instead", "改用本机文件夹");
    public static readonly Text DeleteOf = new("Delete the key …{0}", "删除密钥 …{0}");
    public static readonly Text DeleteQuestion = new("Delete the key …{0} from this machine?", "从本机删除密钥 …{0}?");
    public static readonly Text Empty = new(
        "There is no access key. Objects are stored in a folder on this machine, which is enough for the tutorial.",
        "还没有访问密钥。对象保存在本机文件夹中,这足以完成教程。");
}
