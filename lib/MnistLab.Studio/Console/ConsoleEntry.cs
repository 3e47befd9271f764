using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console;

/// <summary>A screen of the console.</summary>
/// <param name="Path">The address of its page.</param>
/// <param name="Title">Its name.</param>
/// <param name="Purpose">What it is for.</param>
internal sealed record ConsoleEntry(string Path, Text Title, Text Purpose)
{
    /// <summary>Gets all screens, in the order in which the tutorial needs them.</summary>
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
