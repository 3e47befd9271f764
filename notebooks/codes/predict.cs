#:project ../../lib/MnistLab.Serving

// A client of the online service, as a program of its own:
//   dotnet run notebooks/codes/predict.cs -- http://127.0.0.1:PORT/ digit.png another.jpg

using System.Globalization;
using MnistLab.Serving;

if (args.Length < 2 || !Uri.TryCreate(args[0], UriKind.Absolute, out var address))
{
    Console.Error.WriteLine("Usage: dotnet run predict.cs -- <the service's address> <picture> …");
    return 2;
}

using var client = new PredictionClient(address);
var failures = 0;
foreach (var picture in args[1..])
{
    try
    {
        var prediction = await client.PredictAsync(picture);
        var scores = prediction.Scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Label}: {score.Score:P1}"));
        Console.WriteLine($"{picture}: {prediction.PredictedLabel} ({string.Join(", ", scores)})");
    }
    catch (Exception error) when (error is PredictionException or IOException)
    {
        Console.Error.WriteLine($"{picture}: {error.Message}");
        failures++;
    }
}

return failures == 0 ? 0 : 1;
