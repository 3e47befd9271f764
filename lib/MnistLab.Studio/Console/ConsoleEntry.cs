using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console;

/// <summary>Represents a screen of the console.</summary>
/// <param name="Path">The address of the page.</param>
/// <param name="Title">The title.</param>
/// <param name="Purpose">A description of its purpose.</param>
internal sealed record ConsoleEntry(string Path, Text Title, Text Purpose)
{
    /// <summary>Gets all screens, in the order of the tutorial.</summary>
    public static IReadOnlyList<ConsoleEntry> All { get; } =
    [
        new("/console/keys", ConsoleTexts.Keys, ConsoleTexts.KeysPurpose),
        new("/console/objects", ConsoleTexts.Objects, ConsoleTexts.ObjectsPurpose),
        new("/console/jobs", ConsoleTexts.Jobs, ConsoleTexts.JobsPurpose),
        new("/console/tensorboard", ConsoleTexts.TensorBoard, ConsoleTexts.TensorBoardPurpose),
        new("/console/models", ConsoleTexts.Models, ConsoleTexts.ModelsPurpose),
        new("/console/services", ConsoleTexts.Services, ConsoleTexts.ServicesPurpose),
    ];
}
