namespace MnistLab.Hosting;

/// <summary>
/// The exception that is thrown when the temporary folder of the user cannot be used. The message names the folder, the
/// reason, the environment variable that sets the folder, and the next step.
/// </summary>
public sealed class ScratchFolderException : IOException
{
    private ScratchFolderException(string message, Exception cause)
        : base(message, cause)
    {
    }

    internal static ScratchFolderException OfCreation(string folder, string variable, Exception cause)
    {
        var reason =
            File.Exists(folder) ? "it is not a folder."
            : !Directory.Exists(folder) ? "it does not exist."
            : cause.GetBaseException().Message;
        return new(
            $"Cannot create a temporary folder in '{folder}': {reason} The environment variable {variable} chooses that "
            + $"folder. Set {variable} to an existing folder that you may write to, or unset it, and run this again.",
            cause);
    }

    internal static ScratchFolderException OfFullDisk(string folder, string variable, IOException cause) => new(
        $"The disk of the temporary folder '{folder}' is full: {cause.Message} Free space there, or set the environment "
        + $"variable {variable} to a folder on another disk, and run this again.",
        cause);
}
