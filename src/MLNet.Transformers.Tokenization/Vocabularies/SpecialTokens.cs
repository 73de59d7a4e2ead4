using System.Globalization;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// The tokens of a vocabulary that stand for no text: what they are called, what they are for, and where they stand around a text. There is a set for
/// each kind of network; add your own tokens by <c>SpecialTokens.Llama with { Last = ["&lt;user&gt;"] }</c>.
/// </summary>
public sealed record SpecialTokens
{
    /// <summary>BERT's: <c>[PAD]</c> 0, <c>[UNK]</c> 1, <c>[CLS]</c> 2, <c>[SEP]</c> 3, <c>[MASK]</c> 4; a text is <c>[CLS] A [SEP]</c>, a pair <c>[CLS] A [SEP] B [SEP]</c>.</summary>
    public static SpecialTokens Bert { get; } = new()
    {
        First = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        Roles = Formats.VocabTxt.DefaultTokens,
        Single = "[CLS] $A [SEP]", Pair = "[CLS] $A [SEP] $B:1 [SEP]:1", ClassName = "BertTokenizer",
    };

    /// <summary>
    /// RoBERTa's and BART's: <c>&lt;s&gt;</c> 0, <c>&lt;pad&gt;</c> 1, <c>&lt;/s&gt;</c> 2, <c>&lt;unk&gt;</c> 3, <c>&lt;mask&gt;</c> 4; a text is
    /// <c>&lt;s&gt; A &lt;/s&gt;</c>, a pair <c>&lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;</c>. The ids are those that their configs have by default.
    /// </summary>
    public static SpecialTokens Bart { get; } = new()
    {
        First = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        Roles = new Dictionary<string, string>
        {
            ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["cls_token"] = "<s>", ["sep_token"] = "</s>", ["pad_token"] = "<pad>",
            ["unk_token"] = "<unk>", ["mask_token"] = "<mask>",
        },
        Single = "<s> $A </s>", Pair = "<s> $A </s> </s> $B </s>",
    };

    /// <summary>
    /// LLaMA's: <c>&lt;unk&gt;</c> 0, <c>&lt;s&gt;</c> 1, <c>&lt;/s&gt;</c> 2, and <c>&lt;pad&gt;</c> 3, which the published ones lack; a text is
    /// <c>&lt;s&gt; A</c>. Shorter texts are padded in front.
    /// </summary>
    public static SpecialTokens Llama { get; } = new()
    {
        First = ["<unk>", "<s>", "</s>", "<pad>"],
        Roles = new Dictionary<string, string> { ["unk_token"] = "<unk>", ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["pad_token"] = "<pad>" },
        Single = "<s> $A", Pair = "<s> $A <s>:1 $B:1", ModelFile = "tokenizer.model", PaddingSide = Side.Left,
    };

    /// <summary>
    /// Those of the GLM of 2022: <c>&lt;|endoftext|&gt;</c> 0, which pads too, <c>[UNK]</c> 1, <c>[CLS]</c> 2, <c>[SEP]</c> 3, the blanks <c>[MASK]</c>,
    /// <c>[sMASK]</c> and <c>[gMASK]</c> 4 to 6, <c>&lt;|startofpiece|&gt;</c> 7, <c>&lt;|endofpiece|&gt;</c> 8 and <c>[dBLOCK]</c> 9, which hides tokens of
    /// a blank; a text is <c>[CLS] A &lt;|endoftext|&gt;</c>, a pair <c>[CLS] A [SEP] B &lt;|endoftext|&gt;</c>.
    /// </summary>
    public static SpecialTokens Glm { get; } = new()
    {
        First = ["<|endoftext|>", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[sMASK]", "[gMASK]", "<|startofpiece|>", "<|endofpiece|>", "[dBLOCK]"],
        Roles = new Dictionary<string, string>
        {
            ["eos_token"] = "<|endoftext|>", ["pad_token"] = "<|endoftext|>", ["unk_token"] = "[UNK]", ["cls_token"] = "[CLS]", ["sep_token"] = "[SEP]",
            ["mask_token"] = "[MASK]",
        },
        Single = "[CLS] $A <|endoftext|>", Pair = "[CLS] $A [SEP] $B:1 <|endoftext|>:1", ModelFile = "cog-pretrain.model",
    };

    /// <summary>Tokens with the lowest ids, from 0 on.</summary>
    public required IReadOnlyList<string> First { get; init; }

    /// <summary>Tokens with the highest ids, behind all pieces.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Last { get; init; } = [];

    /// <summary>
    /// Tokens by role: <c>pad_token</c>, <c>unk_token</c>, <c>cls_token</c>, <c>sep_token</c>, <c>mask_token</c>, <c>bos_token</c>, <c>eos_token</c>.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What a text is put into: tokens with a blank between each, <c>$A</c> for the text, and <c>:1</c> behind what has the type 1 (the tokenizers
    /// library's way of writing templates).
    /// </summary>
    /// <value><c>$A</c>.</value>
    public string Single { get; init; } = "$A";

    /// <summary>What a pair of texts is put into, with <c>$B</c> for the second.</summary>
    /// <value><c>$A $B:1</c>.</value>
    public string Pair { get; init; } = "$A $B:1";

    /// <summary>The end that padding goes to.</summary>
    /// <value>The end of the text.</value>
    public Side PaddingSide { get; init; } = Side.Right;

    /// <summary>All tokens.</summary>
    internal IEnumerable<string> All => First.Concat(Last);

    /// <summary>What a SentencePiece model with these tokens is called.</summary>
    internal string ModelFile { get; private init; } = Formats.SentencePieceFiles.ModelAlone;

    /// <summary>What the reference calls a tokenizer with these tokens.</summary>
    internal string ClassName { get; private init; } = "PreTrainedTokenizerFast";

    /// <summary>Whether the last tokens take the white space around them, as T5's sentinels do.</summary>
    internal bool LastStrip { get; private init; }

    /// <summary>
    /// T5's: <c>&lt;pad&gt;</c> 0, <c>&lt;/s&gt;</c> 1, <c>&lt;unk&gt;</c> 2, and behind all pieces the sentinels, of which <c>&lt;extra_id_0&gt;</c> has the
    /// highest id; a text is <c>A &lt;/s&gt;</c>, a pair <c>A &lt;/s&gt; B &lt;/s&gt;</c>.
    /// </summary>
    /// <param name="sentinels">How many sentinels, at least 0.</param>
    public static SpecialTokens T5(int sentinels = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sentinels);
        return new SpecialTokens
        {
            First = ["<pad>", "</s>", "<unk>"],
            Last = [.. Enumerable.Range(1, sentinels).Select(number => string.Create(CultureInfo.InvariantCulture, $"<extra_id_{sentinels - number}>"))],
            Roles = new Dictionary<string, string> { ["pad_token"] = "<pad>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>" },
            Single = "$A </s>", Pair = "$A </s> $B </s>", ModelFile = "spiece.model", LastStrip = true,
        };
    }

    /// <summary>Checks that each token stands once, and that roles and templates name no others.</summary>
    internal void Check()
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (string token in All)
        {
            if (string.IsNullOrEmpty(token) || !tokens.Add(token))
            {
                throw new ArgumentException(
                    string.IsNullOrEmpty(token) ? "A special token is empty." : $"The special token '{token}' stands twice; expected each once.", nameof(SpecialTokens));
            }
        }
        foreach ((string role, string token) in Roles)
        {
            if (!Formats.TokenizerConfig.UsualRoles.Contains(role))
            {
                throw new ArgumentException($"{nameof(Roles)} has the role '{role}'; expected one of {string.Join(", ", Formats.TokenizerConfig.UsualRoles)}.", nameof(SpecialTokens));
            }
            RequireToken(token, $"the {role}");
        }
        foreach (TemplatePart part in Parts(Single).Concat(Parts(Pair)))
        {
            if (part.Sequence is null)
            {
                RequireToken(part.Name, "part of a template");
            }
        }

        void RequireToken(string token, string what)
        {
            if (!tokens.Contains(token))
            {
                throw new ArgumentException($"'{token}' is {what}, but none of the special tokens; known are {string.Join(", ", All)}.", nameof(SpecialTokens));
            }
        }
    }

    /// <summary>The token of a role.</summary>
    /// <exception cref="ArgumentException">No token has it.</exception>
    internal string Require(string role, string why) => Roles.GetValueOrDefault(role)
        ?? throw new ArgumentException($"No special token is the {role}: {why}.", nameof(role));

    /// <summary>The parts of a template.</summary>
    internal static IEnumerable<TemplatePart> Parts(string template) => template.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part =>
    {
        int colon = part.LastIndexOf(':');
        int type = 0;
        bool isTyped = colon > 0 && int.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out type);
        string name = isTyped ? part[..colon] : part;
        return new TemplatePart(name, name is "$A" or "$B" ? name[1..] : null, type);
    });

    /// <summary>A part of a template: a special token, or the text A or B.</summary>
    internal readonly record struct TemplatePart(string Name, string? Sequence, int Type);
}
