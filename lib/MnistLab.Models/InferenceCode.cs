using System.Security.Cryptography;
using System.Text;
using MnistLab.Data.Images;
using MnistLab.Models.UserCode;

namespace MnistLab.Models;

/// <summary>
/// The inference code of a package: found, compiled, and the compiled form kept beside the package (in <c>../compiled</c>), so that a service starts without a compiler.
/// </summary>
public static class InferenceCode
{
    /// <summary>The folder of compiled code, beside the package's own.</summary>
    public const string CompiledFolder = "compiled";

    /// <summary>Inference code that does what <see cref="CustomService"/> does by itself: the same preparation as in training, the network, the five most probable digits.</summary>
    public const string Default =
        """
        using MnistLab.Models;

        // Preprocess, Inference and Postprocess as the platform has them; override what is to be different.
        public sealed class MnistService : CustomService;

        """;

    /// <summary>The one file of inference code in a package.</summary>
    /// <exception cref="ModelImportException">There is none, or more than one.</exception>
    public static string Find(string packageFolder) => Directory.GetFiles(packageFolder, "*.cs").Order(StringComparer.Ordinal).ToArray() switch
    {
        [] => throw new ModelImportException(
            ModelImportError.InferenceCodeMissing,
            $"There is no inference code in the model package: put {PackageFiles.InferenceCode} beside {PackageFiles.Config}, or ask for the default code when you import it."),
        [var file] => file,
        var files => throw new ModelImportException(ModelImportError.InferenceCodeAmbiguous, $"There are {files.Length} files of inference code in the model package ({string.Join(", ", files.Select(Path.GetFileName))}); keep one."),
    };

    /// <summary>Loads the compiled code if it is there and good; otherwise compiles the file, and keeps the result if there is room for it.</summary>
    /// <exception cref="UserCodeException">The code does not compile; the message names the lines.</exception>
    public static UserAssembly Open(string file, CancellationToken cancellationToken)
    {
        var compiled = PathOfCompiled(file);
        try
        {
            return UserAssembly.Load(compiled, file);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // Not compiled for this platform yet, or damaged: the source is what counts.
        }

        var assembly = UserCodeCompiler.Compile([file], cancellationToken);
        Keep(assembly, compiled);
        return assembly;
    }

    private static void Keep(UserAssembly assembly, string compiled)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(compiled)!);
            assembly.Save(compiled);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It will be compiled again.
        }
    }

    // Named after what it was made from: another source, or another build of the platform, has another file.
    private static string PathOfCompiled(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(file));
        foreach (var platform in new[] { typeof(CustomService), typeof(DigitImage), typeof(UserCodeCompiler) }) hash.AppendData(platform.Module.ModuleVersionId.ToByteArray());
        hash.AppendData(Encoding.ASCII.GetBytes(Environment.Version.ToString()));
        return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(file)))!, CompiledFolder, $"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}.dll");
    }
}
