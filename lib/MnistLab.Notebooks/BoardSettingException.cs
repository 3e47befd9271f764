namespace MnistLab.Notebooks;

/// <summary>Reports a setting of a run that does not exist or has a value that is not valid.</summary>
/// <param name="setting">The setting's name, as it was given.</param>
/// <param name="message">What is not valid, which values are, and the nearest name if there is one.</param>
public sealed class BoardSettingException(string setting, string message) : ArgumentException(message)
{
    /// <summary>Gets the setting's name, as it was given.</summary>
    public string Setting => setting;
}
