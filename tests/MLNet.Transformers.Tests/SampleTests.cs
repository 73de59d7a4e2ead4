using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Runtime;

namespace MLNet.Transformers.Tests;

/// <summary>The samples, run as a newcomer runs them but for one epoch only: from their own data to what they predict.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TextClassification", "Saved to text-classification.zip", "The glass lid was in pieces")]
    [InlineData("SentimentModel", "Saved to", "SentimentModel.mlnet", "positive")]
    [InlineData("EntityRecognition", "Saved to entity-recognition.zip", "entities.html")]
    [InlineData("QuestionAnswering", "Saved to question-answering.zip", "What do people praise about it?")]
    [InlineData("Translation", "Saved to translation.zip", "BLEU")]
    public async Task A_sample_trains_saves_loads_and_predicts(string sample, params string[] said)
    {
        string output = await RunAsync(sample, "--epochs", "1");

        Assert.All(said, expected => Assert.Contains(expected, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llama", "Once upon a time there was a little boat")]
    [InlineData("bert", "The fishermen went out to")]
    public async Task Pretraining_shows_what_the_small_network_says_before_and_after_and_writes_a_checkpoint_for_the_others(string network, string text)
    {
        string output = await RunAsync("Pretraining", "--network", network, "--epochs", "1");

        Assert.All(["Before:", "held-out perplexity", "After:", "Saved to pretrained", text], said => Assert.Contains(said, output, StringComparison.Ordinal));
        Assert.Contains("Accuracy", await RunAsync("TextClassification", "--checkpoint", "pretrained", "--epochs", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entities_begin_with_the_small_pretrained_network_and_from_scratch_where_that_is_asked_for()
    {
        Assert.Contains("Training begins with the weights in", await RunAsync("EntityRecognition", "--epochs", "1"), StringComparison.Ordinal);
        Assert.Contains("from scratch", await RunAsync("EntityRecognition", "--epochs", "1", "--fresh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chat_says_how_to_give_it_a_checkpoint()
    {
        using Process process = Start("Chat", []);
        string said = await ChildProcess.EndAsync(process);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("checkpoint", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_API_answers_with_what_Model_Builders_form_gives()
    {
        await RunAsync("SentimentModel", "--epochs", "1");
        using Process server = Start("SentimentModel_WebApi1", ["--urls", "http://127.0.0.1:0"]);
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(server) };
            using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", new { text = "a lovely film" }, TestContext.Current.CancellationToken);
            JsonElement answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

            Assert.Contains(answer.GetProperty("predictedLabel").GetString(), (string[])["positive", "negative", "neutral"]);
            Assert.Equal(1, answer.GetProperty("score").EnumerateArray().Sum(score => score.GetSingle()), 1e-5);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static async Task<Uri> AddressAsync(Process server)
    {
        const string Listening = "Now listening on: ";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(_patience);
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new Uri(line[(at + Listening.Length)..].Trim());
            }
        }
        throw new InvalidOperationException(await server.StandardError.ReadToEndAsync(patience.Token));
    }

    private async Task<string> RunAsync(string sample, params string[] arguments)
    {
        using Process process = Start(sample, arguments);
        string output = await ChildProcess.EndAsync(process);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private Process Start(string sample, string[] arguments)
    {
        string built = Path.Combine(BuiltWith("SampleFolder"), sample, "bin", Configuration, $"net{Environment.Version.ToString(2)}");
        string runnable = Assert.Single(Directory.GetFiles(built, "*.runtimeconfig.json"));
        Process process = Process.Start(new ProcessStartInfo("dotnet", [runnable.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal), .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Folder,
        })!;
        process.StandardInput.Close();
        return process;
    }

    private static string Configuration { get; } = typeof(SampleTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string BuiltWith(string key) =>
        typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;
}
