using Microsoft.ML;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Interop;
using MLNet.Transformers.Tests.Runtime;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Model files of a real classifier that cannot be loaded.</summary>
public sealed class DamagedClassifierTests(ITestOutputHelper output) : IDisposable
{
    private const string PathVariable = "MLNET_TRANSFORMERS_TESTS_MODEL";

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_bit_in_any_entry_of_it_is_found()
    {
        string path = Saved();
        byte[] file = File.ReadAllBytes(path);
        KeyValuePair<string, Range>[] entries = [.. ZipLayout.Entries(file).Where(entry => entry.Key.Contains("Transform_001", StringComparison.Ordinal) && !entry.Key.EndsWith("Model.key", StringComparison.Ordinal))];
        Assert.Equal(["config.json", "keys.bin", "model.safetensors", "settings.json"], entries.Select(entry => Path.GetFileName(entry.Key)).Where(name => !name.StartsWith("tokenizer-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains(entries, entry => entry.Key.Contains("tokenizer-", StringComparison.Ordinal));
        foreach ((string entry, Range place) in entries)
        {
            int length = file.AsSpan(place).Length;
            foreach (int at in new[] { 0, 8, length / 2, length - 1 })
            {
                File.WriteAllBytes(path, file.WithDamage(place, content => content[at] ^= 1));
                Assert.Contains(
                    $"The entry '{entry}' of the model file is damaged", ErrorText.Of(Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _))), StringComparison.Ordinal);
            }
        }
        File.WriteAllBytes(path, file);
        ((IDisposable)_ml.Transformers().LoadModel(path, out _)).Dispose();
    }

    [Fact]
    public async Task Without_the_native_library_the_outermost_error_names_the_package()
    {
        using var program = new TemporaryFolder();

        string said = await ChildProcess.RunAsync(
            ChildProcess.CopyWithoutBackend(program), typeof(DamagedClassifierTests), nameof(Load_it), expectFailure: false, (PathVariable, Saved()));

        Assert.Contains($"LoadModel: NativeBackendException: {NativeFiles.MissingMessage}", said, StringComparison.Ordinal);
        Assert.Contains("log of Load: Error", said, StringComparison.Ordinal);

    }

    /// <summary>What the child process does.</summary>
    [Fact(Explicit = true)]
    public void Load_it()
    {
        string path = Environment.GetEnvironmentVariable(PathVariable)!;
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().LoadModel(path, out _));
        output.WriteLine($"LoadModel: {error.GetType().Name}: {error.Message}");
        var other = new MLContext();
        other.Log += (_, line) =>
        {
            if (line.Message.Contains(error.Message, StringComparison.Ordinal))
            {
                output.WriteLine($"log of Load: {line.Kind}");
            }
        };
        Assert.ThrowsAny<Exception>(() => other.Model.Load(path, out _));
    }

    private string Saved()
    {
        string path = _folder.File("model.zip");
        IDataView rows = _ml.Data.LoadFromEnumerable(Rows);
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Sentiment")
            .Append(_ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), Options(1))).Fit(rows);
        _ml.Transformers().SaveModel(model, rows.Schema, path);
        return path;
    }
}
