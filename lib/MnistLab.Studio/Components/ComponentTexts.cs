using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Components;

/// <summary>Defines the texts of shared components.</summary>
internal static class ComponentTexts
{
    public static readonly Text Copy = new("Copy", "复制");
    public static readonly Text Cancel = new("Cancel", "取消");
}
