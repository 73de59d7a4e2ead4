using Microsoft.ML;
using Spectre.Console;

namespace TextClassification;

/// <summary>Loads the saved pipeline, as another program would, and classifies texts with it.</summary>
internal static class Classification
{
    private static readonly string[] _examples =
    [
        "Hi, my parcel was supposed to be here on Monday and the tracking page has not moved since. Any news?",
        "The glass lid was in pieces when I opened the box.",
        "can u send me the invoice for order 48213 again pls, our accountant needs it",
    ];

    public static void Run(MLContext ml, Options options)
    {
        ITransformer model = ml.Model.Load(options.Model, out DataViewSchema schema);
        using PredictionEngine<Message, Prediction> engine = ml.Model.CreatePredictionEngine<Message, Prediction>(model, schema);
        string[] labels = Labels(engine);
        foreach (string text in Texts(options))
        {
            Prediction prediction = engine.Predict(new Message { Text = text });
            AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
            AnsiConsole.MarkupLineInterpolated($"  [green]{prediction.PredictedLabel}[/] {prediction.Score.Max():P1}; next: {Runner(prediction, labels)}");
        }
    }

    // What is passed on the command line; else what is typed; else the examples.
    private static IEnumerable<string> Texts(Options options)
    {
        if (options.Texts.Count > 0)
        {
            return options.Texts;
        }
        return Console.IsInputRedirected ? Piped() : Typed();
    }

    private static IEnumerable<string> Piped()
    {
        string[] lines = [.. Lines(Console.In)];
        return lines.Length > 0 ? lines : _examples;
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Typed()
    {
        AnsiConsole.MarkupLine("Type a message, or only Enter for three examples and the end.");
        bool any = false;
        while (true)
        {
            string text = AnsiConsole.Prompt(new TextPrompt<string>(">").AllowEmpty());
            if (string.IsNullOrWhiteSpace(text))
            {
                break;
            }
            any = true;
            yield return text;
        }
        foreach (string example in any ? [] : _examples)
        {
            yield return example;
        }
    }

    private static string[] Labels(PredictionEngine<Message, Prediction> engine)
    {
        Microsoft.ML.Data.VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].Annotations.GetValue("SlotNames", ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static string Runner(Prediction prediction, string[] labels)
    {
        (float score, int index) = prediction.Score.Select((score, index) => (score, index)).OrderByDescending(item => item.score).ElementAt(1);
        return FormattableString.Invariant($"{labels[index]} {score:P1}");
    }
}
