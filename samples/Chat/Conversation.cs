using System.Diagnostics;
using System.Text;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using Spectre.Console;

namespace MLNet.Transformers.Samples.Chat;

/// <summary>Reads lines, answers each as it is written, and keeps what was said.</summary>
internal static class Conversation
{
    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
    {
        try
        {
            var ml = new MLContext(settings.Seed);
            using TextGenerator generator = ml.Transformers().TextGenerator(Open(settings.Checkpoint), new() { Precision = settings.Precision });
            List<ChatMessage> messages = settings.System is { } system ? [new("system", system)] : [];
            foreach (string line in settings.Lines.Count > 0 ? settings.Lines : Typed())
            {
                messages.Add(new ChatMessage("user", line));
                string answer = await AnswerAsync(generator, messages, settings, cancellation);
                messages.Add(new ChatMessage("assistant", answer));
            }
            return 0;
        }
        catch (Exception error) when (error is IOException or CheckpointException or TokenizerException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{error.Message}[/]");
            return 1;
        }
    }

    private static Checkpoint Open(FileSystemInfo path) =>
        File.Exists(path.FullName) ? Checkpoint.FromFile(path.FullName) : Checkpoint.FromFolder(path.FullName);

    // An empty line, or the end of the input, ends the conversation.
    private static IEnumerable<string> Typed()
    {
        AnsiConsole.MarkupLine("[grey]Type what you want to say; an empty line ends.[/]");
        while (true)
        {
            AnsiConsole.Markup("[green]> [/]");
            string? line = Console.ReadLine();
            if (string.IsNullOrWhiteSpace(line))
            {
                yield break;
            }
            yield return line;
        }
    }

    private static async Task<string> AnswerAsync(TextGenerator generator, List<ChatMessage> messages, Settings settings, CancellationToken cancellation)
    {
        var options = new GenerationOptions { MaxNewTokens = settings.MaxNewTokens, Sample = settings.Sample };
        var answer = new StringBuilder();
        var clock = Stopwatch.StartNew();
        int pieces = 0;
        await foreach (string piece in generator.StreamChatAsync(messages, options, cancellation: cancellation))
        {
            Console.Write(piece);
            answer.Append(piece);
            pieces++;
        }
        Console.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[grey]{pieces / clock.Elapsed.TotalSeconds:F0} pieces a second[/]");
        return answer.ToString();
    }
}
