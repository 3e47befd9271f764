namespace MnistLab.Hosting;

/// <summary>
/// Creates folders whole or not at all: a folder is filled under a temporary name beside its target and then renamed.
/// </summary>
public static class AtomicFolder
{
    /// <summary>What the temporary names end with: those of killed processes remain and may be deleted.</summary>
    public const string Suffix = ".new";

    /// <summary>Creates a folder, which appears when <paramref name="fill"/> has succeeded.</summary>
    /// <param name="path">The folder to create; it must not exist when it is filled.</param>
    /// <param name="fill">Writes the content to the folder whose path it receives.</param>
    /// <exception cref="IOException">The folder cannot be created, or <paramref name="path"/> exists.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not create the folder.</exception>
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
        // Completes synchronously: nothing is awaited that has not ended.
        CreateAsync(path, folder =>
        {
            fill(folder);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    // Where it fails as well, the error of the creation is the one to report.
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
