using System.Text.Json.Nodes;

namespace MLNet.Transformers.Tests.Tokenization.Oracle;

/// <summary>Hugging Face's tokenizers library (0.22.2 in Tokenizers.DotNet 1.4.1), which always adds what the post-processor adds.</summary>
internal sealed class ReferenceTokenizer : IDisposable
{
    private readonly global::Tokenizers.DotNet.Tokenizer _tokenizer;

    private ReferenceTokenizer(string path) => _tokenizer = new global::Tokenizers.DotNet.Tokenizer(path);

    /// <param name="file">A tokenizer.json; what it says of truncation and padding is left out, since ours applies neither unasked.</param>
    /// <param name="addSpecialTokens">Whether special tokens are put around texts.</param>
    public static ReferenceTokenizer Open(JsonObject file, bool addSpecialTokens = true)
    {
        JsonObject changed = file.DeepClone().AsObject();
        (changed["truncation"], changed["padding"]) = (null, null);
        // The library demands keys that have defaults elsewhere.
        changed["version"] ??= "1.0";
        if ((string?)changed["model"]!["type"] == "WordPiece")
        {
            changed["model"]!["continuing_subword_prefix"] ??= "##";
        }
        if (!addSpecialTokens)
        {
            changed["post_processor"] = null;
        }
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, changed.ToJsonString());
            return new ReferenceTokenizer(path);
        }
        catch (DllNotFoundException)
        {
            Assert.Skip("The native library of Tokenizers.DotNet is not there for this platform.");
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }

    public int[] Encode(string text) => Array.ConvertAll(_tokenizer.Encode(text), id => (int)id);

    public string Decode(int[] ids) => _tokenizer.Decode(Array.ConvertAll(ids, id => (uint)id));

    public void Dispose() => _tokenizer.Dispose();
}
