using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console;

/// <summary>The texts of the console.</summary>
internal static class ConsoleTexts
{
    public static readonly Text Title = new("Console", "控制台");
}
