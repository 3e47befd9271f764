namespace MnistLab.Hosting;

/// <summary>
/// Creates folders atomically: a folder is filled under a temporary name beside its target and then renamed.
/// </summary>
public static class AtomicFolder
{
    /// <summary>The suffix of temporary names. Folders of killed processes remain and may be deleted.</summary>
    public const string Suffix = ".new";

    /// <summary>Creates a folder atomically. It appears only after <paramref name="fill"/> has succeeded.</summary>
    /// <param name="path">The folder to create; it must not exist when <paramref name="fill"/> has completed.</param>
    /// <param name="fill">Writes the content to the folder whose path it receives.</param>
    /// <exception cref="IOException">The folder cannot be created, or <paramref name="path"/> exists.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to create the folder.</exception>
    public static async Task CreateAsync(string path, Func<string, Task> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var temporary = $"{path}.{Guid.NewGuid():N}{Suffix}";
        try
        {
            Directory.CreateDirectory(temporary);
            await fill(temporary);
            Directory.Move(temporary, path);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <inheritdoc cref="CreateAsync"/>
    public static void Create(string path, Action<string> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        // The task is already completed, because the delegate is synchronous.
        CreateAsync(path, folder =>
        {
            fill(folder);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    // Errors are ignored, so that the caller reports the original one.
    private static void Discard(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
