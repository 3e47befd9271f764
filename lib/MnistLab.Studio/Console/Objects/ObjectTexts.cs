using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Defines the texts of the object browser.</summary>
internal static class ObjectTexts
{
    public static readonly Text AllBuckets = new("All buckets", "所有桶");
    public static readonly Text Bucket = new("Bucket", "桶");
    public static readonly Text NoBuckets = new("There are no buckets yet. Create one to begin.", "还没有桶。请先创建一个。");
    public static readonly Text Location = new("Objects are stored in {0}.", "对象存储位置：{0}");
    public static readonly Text OpenBucket = new("New bucket", "新建桶");
    public static readonly Text CreateBucket = new("Create bucket", "创建桶");
    public static readonly Text CreateNamed = new("Create bucket {0}", "创建桶 {0}");
    public static readonly Text BucketHint = new(
        "3–63 lowercase letters, digits, dots, and hyphens. An existing bucket is not changed.",
        "3–63 个小写字母、数字、点和连字符。已有的桶保持不变。");
    public static readonly Text Path = new("Object path", "对象路径");
    public static readonly Text Size = new("Size", "大小");
    public static readonly Text Modified = new("Last modified", "最后修改时间");
    public static readonly Text Empty = new("This folder is empty.", "此文件夹为空。");
    public static readonly Text More = new("Show more", "显示更多");
    public static readonly Text Upload = new("Upload files to this folder", "上传文件到当前文件夹");
    public static readonly Text UploadHint = new(
        "Choose files or drop them here. An object with the same name is replaced.",
        "选择文件，或将文件拖放到此处。同名对象会被覆盖。");
    public static readonly Text NoFolders = new(
        "Folders cannot be dropped. Open or create the folder here first, then drop its files.",
        "不能拖放文件夹：请先在此处打开或新建文件夹，再拖放其中的文件。");
    public static readonly Text Uploads = new("Uploads", "上传任务");
    public static readonly Text UploadProgress = new("{0}: {1} of {2}", "{0}:{1} / {2}");
    public static readonly Text UploadCompleted = new("Completed", "已完成");
    public static readonly Text UploadFailed = new("Failed", "失败");
    public static readonly Text UploadCanceled = new("Canceled", "已取消");
    public static readonly Text ForgetUploads = new("Clear the list", "清空列表");
    public static readonly Text NewFolder = new("Folder to open", "要打开的文件夹");
    public static readonly Text NewFolderHint = new(
        "Object storage has no empty folders: a new folder appears when its first file is uploaded.",
        "对象存储没有空文件夹：上传第一个文件后，新文件夹才会出现。");
    public static readonly Text OpenFolder = new("Open folder", "打开文件夹");
    public static readonly Text Download = new("Download", "下载");
    public static readonly Text DownloadOf = new("Download {0}", "下载 {0}");
    public static readonly Text DeleteOf = new("Delete {0}", "删除 {0}");
    public static readonly Text DeleteQuestion = new("Delete {0}? This cannot be undone.", "删除 {0}？此操作无法撤销。");
    public static readonly Text DeleteFolderQuestion = new(
        "Delete {0} and everything in it? This cannot be undone.", "删除 {0} 及其全部内容？此操作无法撤销。");
    public static readonly Text Deleted = new("Deleted {0}.", "已删除 {0}。");
    public static readonly Text DeletedFolder = new("Deleted {0} with {1} objects.", "已删除 {0}，共 {1} 个对象。");
    public static readonly Text Preview = new("Preview", "预览");
    public static readonly Text NoPreview = new(
        "Objects of this type cannot be previewed.", "此类对象不支持预览。");
    public static readonly Text IdxFile = new("IDX file: {0}, {1}", "IDX 文件：{0}，{1}");
    public static readonly Text Images = new("Images {0}–{1} of {2}", "第 {0}–{1} 张图像，共 {2} 张");
    public static readonly Text Labels = new("Labels {0}–{1} of {2}", "第 {0}–{1} 个标签，共 {2} 个");
    public static readonly Text LabelsFrom = new("Labels from {0}", "标签来自 {0}");
    public static readonly Text Previous = new("Previous", "上一页");
    public static readonly Text Next = new("Next", "下一页");
    public static readonly Text First = new("The first {0} of {1}", "前 {0}，共 {1}");
    public static readonly Text ImageAlt = new("Image {0}, label {1}", "图像 {0}，标签 {1}");
    public static readonly Text ETag = new("ETag", "ETag");
    public static readonly Text Address = new("Address", "地址");
}
