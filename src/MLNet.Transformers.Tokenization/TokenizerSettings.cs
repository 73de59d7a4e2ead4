using System.Text.Json;

namespace MLNet.Transformers.Tokenization;

/// <summary>What a single tokenizer file leaves open; null: the default, or what the file says.</summary>
public sealed record TokenizerSettings
{
    /// <summary>Whether texts are put in lower case (<c>do_lower_case</c>).</summary>
    public bool? Lowercase { get; init; }

    /// <summary>Whether accents are removed (<c>strip_accents</c>); null: where texts are put in lower case.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether each Chinese character is a word (<c>tokenize_chinese_chars</c>).</summary>
    public bool? ChineseCharacters { get; init; }

    /// <summary>Most tokens of a sequence (<c>model_max_length</c>).</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>The settings as a tokenizer_config.json.</summary>
    internal byte[] ToJson()
    {
        var keys = new Dictionary<string, object?>
        {
            ["do_lower_case"] = Lowercase, ["strip_accents"] = StripAccents, ["tokenize_chinese_chars"] = ChineseCharacters,
            ["model_max_length"] = ModelMaxLength, ["tokenizer_class"] = "BertTokenizer",
        };
        return JsonSerializer.SerializeToUtf8Bytes(keys.Where(item => item.Value is not null).ToDictionary());
    }
}
