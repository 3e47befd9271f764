using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Keys;

/// <summary>Defines the texts of the access keys.</summary>
internal static class KeyTexts
{
    public static readonly Text Location = new("Objects are stored in {0}.", "对象存储位置：{0}");
    public static readonly Text File = new(
        "Keys are saved in {0}, which only you can read. "
        + "Notebooks, the command line, and the console use the same key.",
        "密钥保存在只有你可以读取的 {0} 中。笔记本、命令行和控制台使用同一个密钥。");
    public static readonly Text NoFolder = new(
        "No folder for your settings was found. Set the environment variable {0} to a folder, and restart Studio.",
        "未找到保存设置的文件夹。请将环境变量 {0} 设为一个文件夹，然后重新启动 Studio。");
    public static readonly Text FromEnvironment = new(
        "The OBS_… environment variables specify a server and take precedence over the keys below.",
        "OBS_… 环境变量已指定服务器，优先于下面的密钥。");
    public static readonly Text Endpoint = new("Endpoint", "终端节点");
    public static readonly Text EndpointHint = new(
        "Same as OBS_ENDPOINT, such as https://obs.cn-north-4.myhuaweicloud.com",
        "同 OBS_ENDPOINT，例如 https://obs.cn-north-4.myhuaweicloud.com");
    public static readonly Text Region = new("Region", "区域");
    public static readonly Text RegionHint = new(
        "Same as OBS_REGION. Leave empty if the endpoint contains the region.", "同 OBS_REGION。如果终端节点中已包含区域，请留空。");
    public static readonly Text KeyId = new("Access key ID", "访问密钥 ID（AK）");
    public static readonly Text KeyIdHint = new("Same as OBS_ACCESS_KEY_ID.", "同 OBS_ACCESS_KEY_ID。");
    public static readonly Text Secret = new("Secret access key", "私有访问密钥（SK）");
    public static readonly Text SecretHint = new(
        "Same as OBS_SECRET_ACCESS_KEY. It is not shown again.", "同 OBS_SECRET_ACCESS_KEY。保存后不再显示。");
    public static readonly Text Csv = new("Or a credentials.csv file", "或选择 credentials.csv 文件");
    public static readonly Text CsvHint = new(
        "The file that you downloaded from the cloud console when you created the key.", "云控制台创建密钥时下载的文件。");
    public static readonly Text CsvChosen = new("The key is read from {0}.", "将从 {0} 读取密钥。");
    public static readonly Text Style = new("Addressing style", "寻址方式");
    public static readonly Text StyleHint = new(
        "Same as OBS_ADDRESSING_STYLE: whether requests have the bucket name in the path or in the host name.",
        "同 OBS_ADDRESSING_STYLE：请求中的桶名位于路径（path）还是主机名（virtual）中。");
    public static readonly Text Add = new("Add access key", "添加访问密钥");
    public static readonly Text New = new("New access key", "新建访问密钥");
    public static readonly Text Added = new("The key …{0} was saved and is now in use.", "密钥 …{0} 已保存并启用。");
    public static readonly Text Key = new("Access key", "访问密钥");
    public static readonly Text InUse = new("In use", "使用中");
    public static readonly Text Test = new("Test", "测试");
    public static readonly Text TestOf = new("Test the key …{0}", "测试密钥 …{0}");
    public static readonly Text Testing = new("Connecting to {0}…", "正在访问 {0}…");
    public static readonly Text Accepted = new(
        "{0} accepts the key …{1}. Number of buckets: {2}.", "{0} 接受密钥 …{1}。桶的数量：{2}。");
    public static readonly Text Use = new("Use", "使用");
    public static readonly Text UseOf = new("Use the key …{0}", "使用密钥 …{0}");
    public static readonly Text StopUsing = new("Use the folder on this machine instead", "改用本机文件夹");
    public static readonly Text DeleteOf = new("Delete the key …{0}", "删除密钥 …{0}");
    public static readonly Text DeleteQuestion = new("Delete the key …{0} from this machine?", "从本机删除密钥 …{0}？");
    public static readonly Text Empty = new(
        "There are no access keys yet. "
        + "Objects are stored in a folder on this machine, which is enough for the tutorial.",
        "还没有访问密钥。对象保存在本机文件夹中，这足以完成教程。");
}
