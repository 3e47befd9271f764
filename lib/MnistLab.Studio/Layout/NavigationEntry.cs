using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Layout;

/// <summary>Represents an entry of the navigation bar.</summary>
/// <param name="Path">The address of the page.</param>
/// <param name="Title">The title.</param>
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
