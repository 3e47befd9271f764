using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Layout;

/// <summary>An entry of the navigation at the top of every page.</summary>
/// <param name="Path">The address of its page.</param>
/// <param name="Title">What it says.</param>
internal sealed record NavigationEntry(string Path, Text Title)
{
    /// <summary>Gets all entries, in order.</summary>
    public static IReadOnlyList<NavigationEntry> All { get; } =
    [
        new("/", LayoutTexts.Course),
        new("/files", LayoutTexts.Files),
        new("/console", LayoutTexts.Console),
    ];
}
