using System.Text.Json;
using MLNet.Transformers.Tokenization.Formats;

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

    /// <summary>Whether byte-level BPE puts a blank before a text that does not begin with one (<c>add_prefix_space</c>); null: it does not.</summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>Most tokens of a sequence (<c>model_max_length</c>).</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>
    /// Tokens by role (<c>pad_token</c>, <c>unk_token</c>, <c>cls_token</c>, <c>sep_token</c>, <c>mask_token</c>, <c>bos_token</c>, <c>eos_token</c>),
    /// where they are not BERT's own <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c>, <c>[SEP]</c> and <c>[MASK]</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string>? SpecialTokens { get; init; }

    /// <summary>The settings as a tokenizer_config.json.</summary>
    internal byte[] ToJson(string? className = "BertTokenizer")
    {
        var keys = new Dictionary<string, object?>
        {
            ["do_lower_case"] = Lowercase, ["strip_accents"] = StripAccents, ["tokenize_chinese_chars"] = ChineseCharacters,
            ["model_max_length"] = ModelMaxLength, ["tokenizer_class"] = className, ["add_prefix_space"] = AddPrefixSpace,
        };
        foreach ((string role, string token) in SpecialTokens ?? new Dictionary<string, string>())
        {
            keys[role] = TokenizerConfig.UsualRoles.Contains(role)
                ? token
                : throw new ArgumentException($"{nameof(SpecialTokens)} has the role '{role}'; expected one of {string.Join(", ", TokenizerConfig.UsualRoles)}.");
        }
        return JsonSerializer.SerializeToUtf8Bytes(keys.Where(item => item.Value is not null).ToDictionary());
    }
}
