using System.Security.Cryptography;
using System.Text;
using MnistLab.Data.Images;
using MnistLab.Models.UserCode;

namespace MnistLab.Models;

/// <summary>
/// Finds and compiles the inference code of a package. The compiled code is stored beside the package (in
/// <c>../compiled</c>), so that a service starts without a compiler.
/// </summary>
public static class InferenceCode
{
    /// <summary>The name of the folder of the compiled code, beside that of the package.</summary>
    public const string CompiledFolder = "compiled";

    /// <summary>
    /// The default inference code, which only inherits the steps of <see cref="CustomService"/>: the preprocessing of
    /// training, the network, and the five most probable digits.
    /// </summary>
    public const string Default =
        """
        using MnistLab.Models;

        // Inherits Preprocess, Inference, and Postprocess from the platform. Override a step to change it.
        public sealed class MnistService : CustomService;

        """;

    /// <summary>Returns the path of the only file of inference code in a package.</summary>
    /// <exception cref="ModelImportException">There is no file of inference code, or more than one.</exception>
    public static string Find(string packageFolder) =>
        Directory.GetFiles(packageFolder, "*.cs").Order(StringComparer.Ordinal).ToArray() switch
        {
            [] => throw new ModelImportException(
                ModelImportError.InferenceCodeMissing,
                $"There is no inference code in the model package: put {PackageFiles.InferenceCode} beside {PackageFiles.Config}, or choose the default code when you import it."),
            [var file] => file,
            var files => throw new ModelImportException(
                ModelImportError.InferenceCodeAmbiguous,
                $"There are {files.Length} files of inference code in the model package ({string.Join(", ", files.Select(Path.GetFileName))}); keep one."),
        };

    /// <summary>
    /// Loads the compiled code if it is available and valid; otherwise compiles the file, and saves the result if
    /// possible.
    /// </summary>
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
            // The code is not compiled for this platform yet, or the compiled file is damaged, so the source is
            // compiled instead.
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
            // Without the saved file, the code is compiled again next time.
        }
    }

    // The name is a hash of the inputs, so another source file or another build of the platform has another compiled
    // file.
    private static string PathOfCompiled(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(file));
        foreach (var platform in new[] { typeof(CustomService), typeof(DigitImage), typeof(UserCodeCompiler) })
            hash.AppendData(platform.Module.ModuleVersionId.ToByteArray());
        hash.AppendData(Encoding.ASCII.GetBytes(Environment.Version.ToString()));
        return Path.Combine(
            Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(file)))!,
            CompiledFolder,
            $"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}.dll");
    }
}
