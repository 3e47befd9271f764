namespace MnistLab.Notebooks;

/// <summary>
/// The exception that is thrown if a setting of a run does not exist or its value is not valid.
/// </summary>
/// <param name="setting">The name of the setting, as specified.</param>
/// <param name="message">The problem, the valid values, and the nearest name if there is one.</param>
public sealed class BoardSettingException(string setting, string message) : ArgumentException(message)
{
    /// <summary>Gets the name of the setting, as specified.</summary>
    public string Setting => setting;
}
