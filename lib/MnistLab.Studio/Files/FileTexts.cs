using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Files;

/// <summary>Defines the texts of the file browser.</summary>
internal static class FileTexts
{
    public static readonly Text Folder = new("Folder", "文件夹");
    public static readonly Text Root = new("Workspace", "工作区");
    public static readonly Text New = new("New notebook", "新建笔记本");
    public static readonly Text NewName = new("Name of the new notebook", "新笔记本的名称");
    public static readonly Text Create = new("Create", "创建");
    public static readonly Text Open = new("open", "已打开");
    public static readonly Text Close = new("Shut down its kernel", "关闭其内核");
    public static readonly Text Exists = new("A file with this name already exists.", "已存在同名文件。");
    public static readonly Text BadName = new("The name must not be empty or contain slashes.", "名称不能包含斜杠，也不能为空。");
    public static readonly Text CannotRead = new("This file cannot be shown", "无法显示此文件");
}
