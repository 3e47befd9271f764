using System.CommandLine;
using System.Globalization;
using MnistLab.Kernel.Commands;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Notebooks;
using MnistLab.Storage;

namespace MnistLab.Cli;

/// <summary>Defines the command <c>models list|import|show|describe|delete</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new("models", "Manages the models that can be deployed.") { List(), Import(), Show(), Describe(), Delete() };

    /// <summary>Parses a model and its optional version, such as <c>digits</c> or <c>digits:0.0.1</c>.</summary>
    /// <exception cref="FormatException">The text has neither form.</exception>
    public static (string Name, ModelVersion? Version) Parse(string text) => text.Split(':') switch
    {
        [var name] => (name, null),
        [var name, var version] => (name, ModelVersion.Parse(version)),
        _ => throw new FormatException($"'{text}' is not a valid model: write NAME or NAME:VERSION, such as digits:0.0.1."),
    };

    /// <summary>Returns the model that a text names: the specified version, or the newest published one.</summary>
    /// <exception cref="ModelRegistryException">There is no such model.</exception>
    public static async Task<RegisteredModel> FindAsync(ModelRegistry models, string text, CancellationToken cancellationToken)
    {
        var (name, version) = Parse(text);
        return await models.GetAsync(name, version, cancellationToken)
            ?? throw new ModelRegistryException(version is null
                ? $"There is no published model '{name}'. List the models with: models list"
                : $"There is no model {name} {version}. List the models with: models list {name}");
    }

    private static Command List()
    {
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "List only the versions of this model." };
        var command = new Command("list", "Lists the models, one version per line.") { name };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var models = result.GetValue(name) is { } one
                ? await Open().ListAsync(one, cancellationToken)
                : await Open().ListAsync(cancellationToken);
            string[] headers = ["NAME", "VERSION", "STATUS", "ACCURACY", "IMPORTED", "DESCRIPTION"];
            if (models.Count > 0) ListTable.Write(Console.Out, headers, models.Select(Row));
            else
                Console.WriteLine("There are no models. Import one with: models import NAME OUTPUT");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Import()
    {
        var name = new Argument<string>("name") { Description = "The model's name, such as digits." };
        var output = new Argument<string?>("output")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The output location of a training job, which contains model/. By default, that of the tutorial's newest model."
        };
        var version = new Option<string?>("--version")
        {
            Description = "The version of the imported model, such as 0.0.1. By default, the next one."
        };
        var description = new Option<string?>("--description") { Description = "The description of the model." };
        var defaultCode = new Option<bool>("--default-code")
        {
            Description = "Add the default inference code if the package contains none."
        };
        var command = new Command("import", "Checks a trained model and imports it as a version that can be deployed.")
        {
            name,
            output,
            version,
            description,
            defaultCode
        };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var lab = Lab.Open();
            var url = result.GetValue(output) is { } given
                ? ObjectUrl.Parse(given)
                : await lab.Jobs.LatestOutputAsync(lab.LogUrl, cancellationToken);
            var options = new ModelImportOptions
            {
                Version = result.GetValue(version) is { } wanted ? ModelVersion.Parse(wanted) : null,
                Description = result.GetValue(description) ?? "",
                DefaultInferenceCode = result.GetValue(defaultCode),
            };
            Console.WriteLine(Line(await lab.Models.ImportAsync(result.GetRequiredValue(name), url, options, cancellationToken)));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Show()
    {
        var model = Model();
        var command = new Command("show", "Shows the details and the configuration of a model version.") { model };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var lab = Lab.Open();
            var found = await FindAsync(lab.Models, result.GetRequiredValue(model), cancellationToken);
            Console.WriteLine(Line(found));
            Console.WriteLine($"imported     {Time(found.Created)} from {found.Source}");
            Console.WriteLine($"location     {found.Location}");
            if (found.Description.Length > 0) Console.WriteLine($"description  {found.Description}");
            if (found.Reason is { } reason) Console.WriteLine($"reason       {reason}");
            if (found.Status != ModelStatus.Published) return ExitCodes.Success;
            Console.WriteLine();
            Console.WriteLine(await lab.Store.GetTextAsync(found.Package / PackageFiles.Config, cancellationToken));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Describe()
    {
        var model = Model();
        var description = new Argument<string>("description") { Description = "The description, at most 100 characters." };
        var command = new Command("describe", "Changes the description of a model version.") { model, description };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var models = Open();
            var found = await FindAsync(models, result.GetRequiredValue(model), cancellationToken);
            Console.WriteLine(Line(await models.DescribeAsync(
                found.Name, found.Version, result.GetRequiredValue(description), cancellationToken)));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Delete()
    {
        var model = new Argument<string>("model") { Description = "The model version, such as digits:0.0.1." };
        var command = new Command("delete", "Deletes a model version. Fails if the version is deployed.") { model };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            // The version is required: a deletion never defaults to the newest version.
            var (name, version) = Parse(result.GetRequiredValue(model));
            if (version is null) throw new FormatException($"Specify which version of '{name}' to delete, such as {name}:0.0.1.");
            await Open().DeleteAsync(name, version.Value, cancellationToken);
            Console.WriteLine($"Deleted {name} {version}.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Argument<string> Model() => new("model")
    {
        Description = "NAME or NAME:VERSION, such as digits:0.0.1. Without a version, the newest published one."
    };

    private static ModelRegistry Open() => Lab.Open().Models;

    private static string Line(RegisteredModel model) => string.Join("  ", Row(model)).TrimEnd();

    private static string[] Row(RegisteredModel model) =>
    [
        model.Name,
        $"{model.Version}",
        model.Status.ConsoleName(),
        model.Metrics is { } metrics ? string.Create(CultureInfo.InvariantCulture, $"{metrics.Accuracy:0.0%}") : "–",
        Time(model.Created),
        model.Description,
    ];

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
