namespace MnistLab.Training;

/// <summary>
/// The exception that is thrown when a parameter of a training job is unknown or has a value that is not valid. Its
/// message names the parameter and says what to write instead.
/// </summary>
public sealed class TrainingSettingException : ArgumentException
{
    internal TrainingSettingException(string message)
        : base(message)
    {
    }
}
