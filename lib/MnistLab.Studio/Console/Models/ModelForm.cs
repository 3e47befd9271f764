using MnistLab.Models.Registry;
using MnistLab.Notebooks;
using MnistLab.Storage;

namespace MnistLab.Studio.Console.Models;

/// <summary>Represents the form for importing a model.</summary>
internal sealed class ModelForm
{
    private const string Example = "s3://modelarts-example/log/V0001/";

    /// <summary>Gets or sets the name of the imported model.</summary>
    public string Name { get; set; } = "digits";

    /// <summary>Gets or sets the output of a training job; empty to use <see cref="Location"/>.</summary>
    public string Output { get; set; } = "";

    /// <summary>Gets or sets the location: an address in the object store, or a folder of the workspace.</summary>
    public string Location { get; set; } = "";

    /// <summary>Gets or sets the version; empty for the next one.</summary>
    public string Version { get; set; } = "";

    /// <summary>Gets or sets the description of the model.</summary>
    public string Description { get; set; } = "";

    /// <summary>Gets or sets whether the default inference code is added to a package that has none.</summary>
    public bool DefaultInferenceCode { get; set; }

    /// <summary>Gets the source of the import, as entered.</summary>
    public string Source => Output.Length > 0 ? Output : Location.Trim();

    /// <summary>Gets whether the source is a folder of the workspace.</summary>
    public bool IsFolder => !Source.StartsWith("s3://", StringComparison.Ordinal);

    /// <summary>Gets the notebook code of the same import.</summary>
    public string Code
    {
        get
        {
            var isUpload = IsFolder && Source.Length > 0;
            var source = NotebookCode.Literal(Source.Length > 0 ? Source : Example);
            var location = isUpload
                ? $"""
                    var output = lab.Bucket / {NotebookCode.Literal(UploadKey)};
                    await lab.Store.UploadFolderAsync(Path.Combine(lab.Workspace.Root, {source}), output);
                    """
                : $"var output = ObjectUrl.Parse({source});";
            var options = string.Join(", ", OptionCode());
            return NotebookCode.OfLab(
                $"""
                {location}
                var options = new ModelImportOptions {(options.Length > 0 ? $"{{ {options} }}" : "{ }")};
                var model = await lab.Models.ImportAsync({NotebookCode.Literal(Name.Trim())}, output, options);
                model
                """,
                typeof(ObjectUrl),
                typeof(ModelImportOptions),
                typeof(Path));
        }
    }

    private string UploadKey => $"imports/{Name.Trim()}/{Path.GetFileName(Source.TrimEnd('/'))}/";

    /// <summary>Returns the options of the import.</summary>
    /// <exception cref="FormatException">The version is not valid.</exception>
    public ModelImportOptions ToOptions() => new()
    {
        Version = Version.Trim() is { Length: > 0 } version ? ModelVersion.Parse(version) : null,
        Description = Description.Trim(),
        DefaultInferenceCode = DefaultInferenceCode,
    };

    /// <summary>Imports the model; a folder is uploaded first.</summary>
    /// <param name="lab">The platform.</param>
    /// <param name="folder">The full path of the folder; null for an address in the object store.</param>
    /// <param name="options">The options of the import.</param>
    public Task ImportAsync(Lab lab, string? folder, ModelImportOptions options)
    {
        // Captures the current values: the form can be changed during the import.
        var (name, output) = (Name.Trim(), folder is null ? ObjectUrl.Parse(Source) : lab.Bucket / UploadKey);
        return RunAsync();

        async Task RunAsync()
        {
            if (folder is not null) await lab.Store.UploadFolderAsync(folder, output);
            await lab.Models.ImportAsync(name, output, options);
        }
    }

    private IEnumerable<string> OptionCode()
    {
        if (Version.Trim() is { Length: > 0 } version) yield return $"Version = ModelVersion.Parse({NotebookCode.Literal(version)})";
        if (Description.Trim() is { Length: > 0 } description) yield return $"Description = {NotebookCode.Literal(description)}";
        if (DefaultInferenceCode) yield return "DefaultInferenceCode = true";
    }
}
